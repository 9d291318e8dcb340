#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/measurements.hpp"
#include "load/core/outcome.hpp"
#include "load/core/plan.hpp"
#include "load/core/prepared.hpp"
#include "load/core/sequence_check.hpp"
#include "load/core/sse_parser.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

struct StreamTotals {
  std::uint64_t target = 0;                       // streams to hold
  std::uint64_t opened = 0;                       // answered with a stream
  std::uint64_t refused = 0;                      // answered otherwise, or not at all
  std::uint64_t reconnects = 0;                   // tries after a stream had been open
  std::uint64_t ended = 0;                        // closed by the server in good order
  std::map<std::string, std::uint64_t> drops;     // other ends, by failure
  std::map<std::string, std::uint64_t> refusals;  // by status, with the policy's code where there is one
  std::uint64_t events = 0;
  std::uint64_t heartbeats = 0;  // comments
  std::uint64_t gaps = 0;        // places where numbers were skipped
  std::uint64_t missing = 0;     // numbers skipped
  std::uint64_t duplicates = 0;
  std::uint64_t malformed = 0;  // events whose data could not be read, or too long
  std::uint64_t unplaced = 0;   // events without group and number
  std::uint64_t silent = 0;     // times a stream stayed quiet for longer than the catalogue allows
  std::uint64_t bytes = 0;
  double held_mean = 0;  // open and not silent, over time, once all were to be open
  std::uint64_t held_least = 0;
  std::uint64_t held_now = 0;
  std::uint64_t silent_now = 0;
  std::uint64_t stale_now = 0;  // open and without an event while most others of their operation got some
};

// Opens the streams of a plan on a ramp, holds them, opens again what closes, and watches what they carry.
//
// Per stream: the parser (one line and one event at most), the last id and 4 bytes per numbered group.
class StreamSet final : public StreamHandler, private SseSink {
 public:
  StreamSet(const Catalogue& catalogue, const Settings& settings, const Plan& plan,
            const std::vector<PreparedOperation>& prepared, Transport& transport, Measurements& measurements,
            const Redactor& redact);

  void start(Nanoseconds now, Nanoseconds ramp);
  void advance(Nanoseconds now);
  std::optional<Nanoseconds> next_wake() const;
  // Closes all; nothing is opened any more.
  void stop(Nanoseconds now);
  // Streams that are probed before this time are not counted.
  void measure_from(Nanoseconds time) { measure_from_ = time; }

  // One stream, opened for at most two seconds and closed after its first event or comment. `done` is called when it
  // has closed.
  bool probing() const { return probe_done_ != nullptr; }
  void probe(Index operation, Nanoseconds intended, Nanoseconds now, std::function<void(Nanoseconds)> done);

  StreamTotals totals(Nanoseconds now) const;

  void on_stream_open(std::uint32_t slot, const HttpResponse& header, Nanoseconds now) override;
  void on_stream_bytes(std::uint32_t slot, std::string_view bytes, Nanoseconds now) override;
  void on_stream_closed(std::uint32_t slot, Failure failure, std::string_view detail, Nanoseconds now) override;

 private:
  enum class State : std::uint8_t { waiting, opening, open, closed };
  struct Stream {
    SseParser parser;
    SequenceCheck sequence;
    Nanoseconds intended = 0;
    Nanoseconds sent = 0;
    Nanoseconds last_byte = 0;
    Nanoseconds last_event = 0;  // or when it opened
    int status = 0;
    Index operation = 0;
    State state = State::waiting;
    bool was_open = false;
    bool silent = false;
    std::uint8_t failures = 0;  // in a row
  };
  struct Opening {
    Nanoseconds at;
    std::uint32_t slot;
    bool operator>(const Opening& other) const { return at != other.at ? at > other.at : slot > other.slot; }
  };

  void on_event(const SseEvent& event) override;
  void on_comment(std::string_view text) override;
  void on_oversized() override;

  void open(std::uint32_t slot, Nanoseconds now);
  void schedule_again(std::uint32_t slot, Nanoseconds now);
  void set_open(Stream& stream, bool open, Nanoseconds now);
  void change_held(int by, Nanoseconds now);
  void count_stale();
  void record(const Stream& stream, const Judgement& judgement, Failure failure, Nanoseconds now);
  void finish_probe(Nanoseconds now);
  std::uint32_t probe_slot() const { return static_cast<std::uint32_t>(streams_.size()) - 1; }

  const Catalogue& catalogue_;
  const Settings& settings_;
  const std::vector<PreparedOperation>& prepared_;
  Transport& transport_;
  Measurements& measurements_;
  const Redactor& redact_;

  std::vector<Stream> streams_;  // the last one is the probe's
  std::vector<Index> held_;      // operations
  std::uint64_t whole_ = 0;      // streams of all segments
  std::map<Index, EventPlaces> places_;
  std::priority_queue<Opening, std::vector<Opening>, std::greater<>> openings_;
  StreamTotals totals_;
  std::uint64_t cells_ = 0;
  std::vector<Nanoseconds> last_events_;  // of one operation's open streams
  Nanoseconds now_ = 0;                   // of the bytes being parsed
  std::uint32_t current_ = 0;             // whose bytes are being parsed
  bool probe_saw_event_ = false;
  std::function<void(Nanoseconds)> probe_done_;
  Nanoseconds probe_until_ = 0;
  Nanoseconds next_check_ = 0;
  Nanoseconds measure_from_ = 0;
  Nanoseconds held_from_ = 0;
  Nanoseconds held_changed_ = 0;
  double held_integral_ = 0;
  bool stopped_ = false;
  std::string path_;
  std::string headers_;
};

}  // namespace launchgate::load
