#include "standin/core/wire.hpp"

#include <zlib.h>

#include "standin/core/event_log.hpp"
#include "standin/core/gzip.hpp"
#include "standin/core/store.hpp"
#include "standin/core/worker_pool.hpp"
#include "unit/standin/support.hpp"

namespace launchgate::standin {
namespace {

Reply reply() { return {200, "application/json", "X-A: b\r\n", "{\"ok\":true}", false}; }

Transmission rendered(WireMode mode, double amount = 0) {
  Transmission out;
  render(out, reply(), true, {mode, amount});
  return out;
}

std::string head_of(const Transmission& t) { return t.bytes.substr(0, t.bytes.find("\r\n\r\n") + 4); }
std::string body_of(const Transmission& t) { return t.bytes.substr(t.bytes.find("\r\n\r\n") + 4); }

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
  std::string in = packed, out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("an answer as it should be") {
  const Transmission t = rendered(WireMode::intact);
  CHECK(t.bytes ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: b\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
  CHECK(t.burst == t.bytes.size());
  CHECK(t.ending == Ending::keep);
  Transmission closing;
  render(closing, reply(), false, {});
  CHECK(closing.ending == Ending::close);
  CHECK(head_of(closing).find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("unusual forms keep the body") {
  const Transmission chunked = rendered(WireMode::chunked);
  CHECK(body_of(chunked) == "5;part=1\r\n{\"ok\"\r\n6;part=1\r\n:true}\r\n0\r\nX-Trailer: end\r\n\r\n");
  CHECK(head_of(chunked).find("Content-Length") == std::string::npos);
  const Transmission packed = rendered(WireMode::gzip);
  CHECK(gunzip(body_of(packed)) == "{\"ok\":true}");
  CHECK(head_of(packed).find("Content-Length: " + std::to_string(body_of(packed).size()) + "\r\n") !=
        std::string::npos);
  const Transmission unframed = rendered(WireMode::unframed);
  CHECK(body_of(unframed) == "{\"ok\":true}");
  CHECK(unframed.ending == Ending::close);
  CHECK(head_of(unframed).find("Content-Length") == std::string::npos);
  CHECK(rendered(WireMode::interim).bytes.starts_with("HTTP/1.1 103 "));
  const Transmission large = rendered(WireMode::oversized, 1000);
  CHECK(body_of(large).size() == 1000);
  CHECK(head_of(large).find("Content-Length: 1000\r\n") != std::string::npos);
  const Transmission json = rendered(WireMode::bad_json);
  CHECK(body_of(json).size() == 11);
  CHECK_FALSE(document::JsonDocument::parse("", body_of(json)).ok());
}

TEST_CASE("damaged answers") {
  const Transmission truncated = rendered(WireMode::truncated, 0.5);
  CHECK(body_of(truncated) == "{\"ok\"");
  CHECK(head_of(truncated).find("Content-Length: 11\r\n") != std::string::npos);
  CHECK(truncated.ending == Ending::close);
  CHECK(head_of(rendered(WireMode::wrong_length, 10)).find("Content-Length: 21\r\n") != std::string::npos);
  CHECK(rendered(WireMode::wrong_length, 10).ending == Ending::hang);
  CHECK(head_of(rendered(WireMode::wrong_length, -4)).find("Content-Length: 7\r\n") != std::string::npos);
  CHECK(rendered(WireMode::wrong_length, -4).ending == Ending::keep);
  CHECK(head_of(rendered(WireMode::wrong_length, -100)).find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(rendered(WireMode::reset).bytes.empty());
  CHECK(rendered(WireMode::reset).ending == Ending::reset);
  CHECK(body_of(rendered(WireMode::reset_body)) == "{\"ok\"");
  CHECK(rendered(WireMode::closed).bytes.empty());
  CHECK(rendered(WireMode::hung).ending == Ending::hang);
  for (const WireMode mode : {WireMode::bad_status_line, WireMode::bad_header, WireMode::bad_length,
                              WireMode::bad_chunk, WireMode::huge_header, WireMode::garbage}) {
    CAPTURE(mode_name(mode));
    CHECK_FALSE(is_answer(mode));
    CHECK_FALSE(rendered(mode).bytes.empty());
    CHECK(rendered(mode).ending == Ending::close);
  }
  // An empty body is truncated too.
  Transmission empty;
  Reply nothing = reply();
  nothing.body.clear();
  render(empty, nothing, true, {WireMode::truncated, 0.5});
  CHECK(head_of(empty).find("Content-Length: 1\r\n") != std::string::npos);
}

TEST_CASE("dripping answers") {
  const Transmission body = rendered(WireMode::slow_body, 100);
  CHECK(body.burst == head_of(body).size());
  CHECK(body.piece == 2);
  CHECK(body.pause == 20000);
  const Transmission crawling = rendered(WireMode::slow_head, 5);
  CHECK(crawling.burst == 0);
  CHECK(crawling.piece == 1);
  CHECK(crawling.pause == 200000);
}

TEST_CASE("gzip of nothing and of much") {
  CHECK(gunzip(gzip("")).empty());
  const std::string much(900000, 'x');
  CHECK(gunzip(gzip(much)) == much);
}

TEST_CASE("the event log keeps the newest") {
  EventLog log(3);
  for (int i = 0; i < 5; ++i) log.add("t", "{}");
  CHECK(log.first_sequence() == 3);
  CHECK(log.next_sequence() == 6);
  CHECK(log.frame(3) == "id: 3\nevent: t\ndata: {}\n\n");
  CHECK(sequence_after(log, std::nullopt) == 3);
  CHECK(sequence_after(log, "1") == 3);
  CHECK(sequence_after(log, "4") == 5);
  CHECK(sequence_after(log, "5") == 6);
  CHECK(sequence_after(log, "18446744073709551615") == 6);
  CHECK(sequence_after(log, "99999999999999999999") == 3);
  log.clear();
  CHECK(log.next_sequence() == 6);
  CHECK(log.first_sequence() == 6);
}

TEST_CASE("frames in other spellings") {
  const std::string frame = "id: 1\nevent: t\ndata: {\"a\":\"x,y\",\"b\":1}\n\n";
  CHECK(restyle(frame, {}) == frame);
  FrameStyle style;
  style.newline = "\r\n";
  style.no_space = true;
  CHECK(restyle(frame, style) == "id:1\r\nevent:t\r\ndata:{\"a\":\"x,y\",\"b\":1}\r\n\r\n");
  FrameStyle split;
  split.newline = "\r";
  split.split_data = true;
  split.comment = true;
  split.retry_ms = 50;
  CHECK(restyle(frame, split) == ": style\rretry: 50\rid: 1\revent: t\rdata: {\"a\":\"x,y\",\rdata: \"b\":1}\r\r");
}

TEST_CASE("a pool of workers") {
  WorkerPool pool(2);
  std::vector<std::string> order;
  const auto notice = [&](const WorkerPool::Job& job, bool done, Micros at) {
    order.push_back(job.id + (done ? "-" : "+") + std::to_string(at));
  };
  pool.add({0, "a", 0, 100});
  pool.add({0, "b", 0, 50});
  pool.add({0, "c", 10, 100});
  pool.advance(10, false, notice);
  CHECK(order == std::vector<std::string>{"a+0", "b+0"});
  CHECK(pool.waiting() == 1);
  CHECK(pool.oldest_age(30) == 20);
  CHECK(pool.next_due() == 50);
  pool.advance(120, true, notice);
  CHECK(pool.running() == 0);
  CHECK(pool.waiting() == 1);
  pool.advance(130, false, notice);
  pool.advance(500, false, notice);
  CHECK(order == std::vector<std::string>{"a+0", "b+0", "b-50", "a-100", "c+120", "c-220"});
  CHECK_FALSE(pool.next_due().has_value());
  CHECK(pool.oldest_age(500) == 0);
}

TEST_CASE("a store forgets the oldest") {
  std::vector<Collection> collections(1);
  collections[0].name = "things";
  collections[0].id_prefix = "t_";
  collections[0].keep = 3;
  Store store(collections, 1);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(store.create(0, "", {std::to_string(i)}, "new", i).id);
  CHECK(store.find(0, ids[0]) == nullptr);
  CHECK(store.find(0, ids[1]) == nullptr);
  REQUIRE(store.find(0, ids[4]) != nullptr);
  CHECK(store.find(0, ids[4])->fields[0] == "4");
  CHECK(store.size(0) == 3);
  CHECK(store.created(0) == 5);
  CHECK(store.newest(0, 2)[0]->id == ids[4]);
  // However few items: their fields do not fill the memory.
  store.create(0, "", {std::string(40U << 20, 'x')}, "new", 9);
  store.create(0, "", {std::string(40U << 20, 'x')}, "new", 9);
  CHECK(store.size(0) == 1);
}

}  // namespace launchgate::standin
