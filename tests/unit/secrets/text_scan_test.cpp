#include <catch2/catch.hpp>

#include <random>

#include "lib/finding/digest.hpp"
#include "lib/secrets/finding_mask.hpp"
#include "lib/secrets/mask.hpp"
#include "lib/secrets/redactor.hpp"
#include "lib/secrets/text_encoding.hpp"
#include "lib/secrets/text_scan.hpp"

using namespace launchgate;

namespace {

std::shared_ptr<const secrets::Rulebook> book() {
  static const auto shared = [] {
    auto pack = rules::load_pack(
        "t.json",
        R"x({"schemaVersion": 1, "pack": "t", "title": "t", "description": "t", "placeholders": ["^tk-x+$"], "rules": [
      {"id": "token", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it", "pattern": "\\b(tk-[a-z0-9]{12,40})(?:[^a-z0-9]|$)",
       "group": 1, "keywords": ["tk-"], "examples": {"match": ["a", "b"], "pass": ["c", "d"]}},
      {"id": "wide", "kind": "secret", "severity": "error", "message": "wide", "help": "revoke it", "pattern": "tk-[a-z0-9]{12,40} or [a-z]+",
       "keywords": ["tk-"], "examples": {"match": ["a", "b"], "pass": ["c", "d"]}},
      {"id": "key", "kind": "json-key", "severity": "error", "message": "a key", "help": "take it out", "keyPattern": "(?i)password$",
       "examples": {"match": [{"document": {"password": "a"}}, {"document": {"password": "b"}}], "pass": [{"document": 1}, {"document": 2}]}}
    ]})x");
    if (!pack) FAIL(to_string(pack.error()));
    std::vector<rules::SharedPack> packs = {std::make_shared<const rules::Pack>(std::move(*pack))};
    return std::make_shared<const secrets::Rulebook>(std::move(packs));
  }();
  return shared;
}

secrets::TextResult scan(std::string_view text, const std::string& path = "a.txt",
                         secrets::ScanSettings settings = {}) {
  secrets::TextScanner scanner(*book(), std::move(settings));
  secrets::MemoryReader reader(text);
  auto result = scanner.scan(reader, path, path);
  if (!result) FAIL(to_string(result.error()));
  return std::move(*result);
}

// One byte at a time.
class SlowReader final : public secrets::Reader {
 public:
  explicit SlowReader(std::string text) : text_(std::move(text)) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (at_ == text_.size() || size == 0) return std::size_t{0};
    *into = text_[at_++];
    return std::size_t{1};
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("a finding has a place, a masked line and a length") {
  const auto result = scan("one\n  é tk-abcdef0123456789, x\n");
  REQUIRE(result.leaks.size() == 1);
  const finding::Finding& finding = result.leaks[0].finding;
  CHECK(finding.span == base::Span{{2, 5}, {2, 24}});
  CHECK(finding.message == "a token, 19 characters, \"tk-a…\"");
  CHECK(finding.excerpt.line == "  é tk-a***************, x");
  CHECK(finding.excerpt.caret_begin == 4);
  CHECK(finding.excerpt.caret_end == 23);
}

TEST_CASE("every secret of a line is masked, and of overlapping ones the earlier rule speaks") {
  const auto result = scan("tk-abcdef0123456789 or tk-zyxwvu0123456789 and tk-xxxxxxxxxxxxxx");
  REQUIRE(result.leaks.size() == 2);
  CHECK(result.leaks[0].finding.rule_id == "t/token");
  for (const auto& leak : result.leaks) {
    CHECK(leak.finding.excerpt.line.find("bcdef") == std::string::npos);
    CHECK(leak.finding.excerpt.line.find("yxwvu") == std::string::npos);
    CHECK(leak.finding.excerpt.line.find("tk-xxxx") != std::string::npos);
  }
}

TEST_CASE("pieces give what the whole gives") {
  std::mt19937 random(9);
  for (int round = 0; round < 60; ++round) {
    std::string text;
    while (text.size() < 3000) {
      switch (random() % 6) {
        case 0:
          text += "tk-abcdef" + std::to_string(100000 + random() % 900000) + " ";
          break;
        case 1:
          text += "\n";
          break;
        case 2:
          text +=
              "# launchgate"
              ":allow token made up\n";
          break;
        case 3:
          text += "é ";
          break;
        default:
          text += "words and words ";
      }
    }
    secrets::ScanSettings settings;
    settings.whole = 400 + random() % 300;
    settings.piece = 200 + random() % 200;
    settings.overlap = 150;
    const auto whole = scan(text);
    secrets::TextScanner scanner(*book(), settings);
    SlowReader reader(text);
    const auto pieces = scanner.scan(reader, "a.txt", "a.txt");
    REQUIRE(pieces.ok());
    REQUIRE(pieces->leaks.size() == whole.leaks.size());
    CHECK(pieces->allowed == whole.allowed);
    CHECK(pieces->allows.size() == whole.allows.size());
    CHECK(pieces->bytes == text.size());
    for (std::size_t i = 0; i < whole.leaks.size(); ++i)
      REQUIRE(pieces->leaks[i].finding.span == whole.leaks[i].finding.span);
  }
}

TEST_CASE("key rules and pointers in JSON") {
  const auto result =
      scan(R"({"a": [1, {"dbPassword": "hunter2"}], "b": "tk-abcdef0123456789", "password": "tk-abcdef0123456789"})",
           "a.json");
  REQUIRE(result.leaks.size() == 3);
  CHECK(result.leaks[0].finding.rule_id == "t/key");
  CHECK(result.leaks[0].finding.json_pointer == "/a/1/dbPassword");
  CHECK(result.leaks[0].finding.span == base::Span{{1, 12}, {1, 24}});
  CHECK(result.leaks[1].finding.json_pointer == "/b");
  CHECK(result.leaks[2].finding.rule_id == "t/token");  // the value speaks for itself
  for (const auto& leak : result.leaks) CHECK(leak.finding.excerpt.line.find("hunter2") == std::string::npos);
  CHECK(scan(R"({"password": "hunter2"})", "a.txt").leaks.empty());
}

TEST_CASE("digests depend on the salt, the rule, the path and the value") {
  secrets::ScanSettings settings;
  CHECK(scan("tk-abcdef0123456789").leaks[0].digest.empty());
  settings.salt = "1";
  const std::string first = scan("tk-abcdef0123456789", "a", settings).leaks[0].digest;
  CHECK(first.size() == 32);
  CHECK(scan("\n\n x tk-abcdef0123456789 y", "a", settings).leaks[0].digest == first);
  CHECK(scan("tk-abcdef0123456788", "a", settings).leaks[0].digest != first);
  CHECK(scan("tk-abcdef0123456789", "b", settings).leaks[0].digest != first);
  settings.salt = "2";
  CHECK(scan("tk-abcdef0123456789", "a", settings).leaks[0].digest != first);
}

TEST_CASE("kinds of texts") {
  using secrets::TextKind;
  CHECK(secrets::sniff("") == TextKind::bytes);
  CHECK(secrets::sniff("plain \xe9") == TextKind::bytes);
  CHECK(secrets::sniff("\xef\xbb\xbf"
                       "a") == TextKind::utf8_mark);
  CHECK(secrets::sniff(std::string_view("\xff\xfe"
                                        "a\0b\0",
                                        6)) == TextKind::utf16_little);
  CHECK(secrets::sniff(std::string_view("\xfe\xff\0a", 4)) == TextKind::utf16_big);
  CHECK(secrets::sniff(std::string(100, '\0')) == TextKind::binary);
  CHECK(secrets::sniff(std::string(100, 'a') + '\0') == TextKind::bytes);
  CHECK(secrets::sniff(std::string_view("\x7f"
                                        "ELF\2\1\1\0\0\0\0\0\0\0\0\0",
                                        16)) == TextKind::binary);
}

TEST_CASE("UTF-16 with surrogates, broken and cut off") {
  const auto convert = [](std::string bytes, bool big) {
    secrets::MemoryReader none("");
    const auto reader = secrets::read_wide(std::move(bytes), none,
                                           big ? secrets::TextKind::utf16_big : secrets::TextKind::utf16_little);
    std::string text(100, '\0');
    std::size_t have = 0;
    while (true) {
      const auto got = reader->read(text.data() + have, 7);
      REQUIRE(got.ok());
      if (*got == 0) break;
      have += *got;
    }
    text.resize(have);
    return text;
  };
  CHECK(convert(std::string("\xff\xfe\x3d\xd8\x00\xde"
                            "a\0",
                            8),
                false) ==
        "\xf0\x9f\x98\x80"
        "a");
  CHECK(convert(std::string("\xfe\xff\xd8\x3d\xde\x00", 6), true) == "\xf0\x9f\x98\x80");
  CHECK(convert(std::string("\xff\xfe\x3d\xd8"
                            "a\0",
                            6),
                false) ==
        "\xef\xbf\xbd"
        "a");
  CHECK(convert(std::string("\xff\xfe\x3d\xd8", 4), false) == "\xef\xbf\xbd");
  CHECK(convert(std::string("\xff\xfe"
                            "a",
                            3),
                false)
            .empty());
}

TEST_CASE("UTF-32, and UTF-16 of East Asian characters without a mark") {
  CHECK(secrets::sniff(std::string_view("\xff\xfe\0\0", 4)) == secrets::TextKind::utf32_little);
  CHECK(secrets::sniff(std::string_view("\0\0\xfe\xff", 4)) == secrets::TextKind::utf32_big);
  CHECK(secrets::utf16_as_utf8(std::string_view("\0\0\xfe\xff\0\0\0a\0\1\xf6\0\0\x11\0\0", 16)) ==
        "a\xf0\x9f\x98\x80\xef\xbf\xbd");
  std::string wide;
  for (int i = 0; i < 30; ++i) wide += std::string("\x31\x53\xac\x4e\x0a\x00", 6);
  CHECK(secrets::sniff(wide) == secrets::TextKind::utf16_little);
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::string noise;
    for (int i = 0; i < 200; ++i) noise += static_cast<char>(random());
    CHECK_FALSE(secrets::is_wide(secrets::sniff(noise)));
  }
}

TEST_CASE("masks") {
  CHECK(secrets::showable("abcdefghijklmnop") == 4);
  CHECK(secrets::showable("abcdefgh") == 1);
  CHECK(secrets::showable("abc") == 0);
  CHECK(secrets::showable("a\nbcdefghijklmnop") == 1);
  const auto hidden = secrets::united({{2, 6, 2}, {4, 9, 4}, {12, 14, 0}, {1, 1, 0}});
  REQUIRE(hidden.size() == 2);
  CHECK(secrets::masked("0123456789abcdef", 0, hidden) == "0123*****9ab**ef");
  CHECK(secrets::masked("456789", 4, hidden) == "*****9");
  CHECK(secrets::masked("xéx", 0, {{1, 3, 0}}) == "x*x");
}

TEST_CASE("the redactor replaces what is private and nothing else") {
  secrets::Redactor redactor(book());
  CHECK(redactor.redact("nothing here") == "nothing here");
  CHECK(redactor.redact("") == "");
  CHECK(redactor.redact("a tk-abcdef0123456789 b tk-zyxwvu0123456789") ==
        "a redacted-private-value b redacted-private-value");
  CHECK(redactor.redact("x=dGhlIHRva2VuIHRrLWFiY2RlZjAxMjM0NTY3ODkgaXM= y") == "x=redacted-private-value= y");
  CHECK(redactor.redact("tk-xxxxxxxxxxxxxx") == "tk-xxxxxxxxxxxxxx");
  CHECK(redactor.redact("tk-abcdef0123456789") == secrets::Redactor::replacement);
  CHECK(redactor.redact("tk-") == "tk-");
}

TEST_CASE("the redactor reads UTF-16") {
  secrets::Redactor redactor(book());
  const auto wide = [](std::string_view text) {
    std::string bytes;
    for (const char c : text) (bytes += c) += '\0';
    return bytes;
  };
  CHECK(redactor.redact(wide("a tk-abcdef0123456789 b")) == "a redacted-private-value b");
  CHECK(redactor.redact(wide("nothing private")) == wide("nothing private"));
}

TEST_CASE("private spans are those in clear, then those of each encoded run") {
  secrets::SpanFinder finder(*book());
  const std::string encoded = "dGhlIHRva2VuIHRrLWFiY2RlZjAxMjM0NTY3ODkgaXM";  // the token tk-abcdef0123456789 is
  const auto spans = finder.find({encoded + " tk-zyxwvu0123456789"}, "a.txt");
  REQUIRE(spans.ok());
  REQUIRE(spans->size() == 2);
  CHECK((*spans)[0].value == "tk-zyxwvu0123456789");
  CHECK((*spans)[0].begin == encoded.size() + 1);
  CHECK((*spans)[1].encoding == secrets::Encoding::base64);
  CHECK((*spans)[1].value == "tk-abcdef0123456789");
  CHECK((*spans)[1].value_begin == 10);
  CHECK((*spans)[1].begin == 0);
  CHECK((*spans)[1].end == encoded.size());
}

TEST_CASE("what is encoded twice, of UTF-16, or escaped in a string is found") {
  secrets::SpanFinder finder(*book());
  const auto values = [&](const std::string& text) {
    std::vector<std::string> found;
    const auto spans = finder.find({text}, "a.txt");
    REQUIRE(spans.ok());
    for (const auto& span : *spans) found.push_back(span.value);
    return found;
  };
  using Values = std::vector<std::string>;
  // The token tk-abcdef0123456789 is, in base64 in base64.
  CHECK(values("x: ZEdobElIUnZhMlZ1SUhSckxXRmlZMlJsWmpBeE1qTTBOVFkzT0RrZ2FYTT0=") == Values{"tk-abcdef0123456789"});
  // tk-abcdef0123456789 in base64 of UTF-16.
  CHECK(values("-enc dABrAC0AYQBiAGMAZABlAGYAMAAxADIAMwA0ADUANgA3ADgAOQA=") == Values{"tk-abcdef0123456789"});
  CHECK(values(R"("a \"quote\" and tk\u002dabcdef0123456789")") == Values{"tk-abcdef0123456789"});
  CHECK(values(R"("a \"tk-abcdef0123456789\"")") == Values{"tk-abcdef0123456789"});  // in clear, and once
  CHECK(values(R"("{\"a\": \"{\\\"b\\\": \\\"tk\\u002dabcdef0123456789\\\"}\"}")") == Values{"tk-abcdef0123456789"});
  CHECK(values("a%2520b=tk%252Dabcdef0123456789") == Values{"tk-abcdef0123456789"});
  CHECK(values(R"("nothing \"to\" see in here")").empty());
}

TEST_CASE("of overlapping claims that of the earlier rule stays") {
  using Indices = std::vector<std::size_t>;
  CHECK(secrets::without_overlaps({}).empty());
  CHECK(secrets::without_overlaps({{1, 0, 10}, {0, 5, 15}, {2, 15, 20}}) == Indices{1, 2});
  CHECK(secrets::without_overlaps({{0, 20, 30}, {0, 0, 10}, {1, 9, 21}}) == Indices{1, 0});
}

TEST_CASE("a mask hides what the file holds in clear, encoded and under names of secrets") {
  const std::string json = R"({"note": "x=dGhlIHRva2VuIHRrLWFiY2RlZjAxMjM0NTY3ODkgaXM= ", "password": "hunter2"})";
  auto mask = secrets::FindingMask::of(*book(), "a.json", json);
  REQUIRE(mask.ok());
  finding::Finding finding;
  finding.message = "says hunter2, tk-abcdef0123456789 and tk-zyxwvu0123456789";
  finding.excerpt.line = json;
  REQUIRE(mask->apply(finding).ok());
  CHECK(finding.message == "says *******, tk-a*************** and tk-z***************");
  CHECK(finding.excerpt.line == R"({"note": "x=dGhl)" + std::string(39, '*') + R"(= ", "password": "*******"})");
}

TEST_CASE("published values are no secrets, whatever the rule") {
  const std::string text = R"x({"schemaVersion": 1, "pack": "t", "title": "t", "description": "t", "published": [
      {"sha256": ")x" + finding::sha256_hex("tk-published01234567") +
                           R"x(", "where": "a guide"}, {"sha256": ")x" + finding::sha256_hex("printed") +
                           R"x(", "where": "a book"}],
    "rules": [
      {"id": "token", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it", "pattern": "\\b(tk-[a-z0-9]{12,40})",
       "group": 1, "keywords": ["tk-"], "examples": {"match": ["a", "b"], "pass": ["c", "d"]}},
      {"id": "key", "kind": "json-key", "severity": "error", "message": "a key", "help": "take it out", "keyPattern": "(?i)password$", "keywords": ["password"],
       "examples": {"match": [{"document": {"password": "a"}}, {"document": {"password": "b"}}], "pass": [{"document": 1}, {"document": 2}]}}
    ]})x";
  auto pack = rules::load_pack("t.json", text);
  if (!pack) FAIL(to_string(pack.error()));
  const secrets::Rulebook rulebook({std::make_shared<const rules::Pack>(std::move(*pack))});
  secrets::TextScanner scanner(rulebook, {});
  const auto count = [&](std::string_view json) {
    secrets::MemoryReader reader(json);
    const auto result = scanner.scan(reader, "a.json", "a.json");
    REQUIRE(result.ok());
    return result->leaks.size();
  };
  CHECK(count(R"({"a": "tk-published01234567", "password": "printed"})") == 0);
  CHECK(count(R"({"a": "tk-published01234568", "password": "printed2"})") == 2);
  CHECK(count(R"({"a": "tk-published01234567x"})") == 1);
}

TEST_CASE("the first packs of a rulebook find what they would alone") {
  const auto pack = [](const std::string& name, const std::string& letters) {
    auto loaded = rules::load_pack(name + ".json", R"x({"schemaVersion": 1, "pack": ")x" + name +
                                                       R"x(", "title": "t", "description": "t", "rules": [
      {"id": "token", "kind": "secret", "severity": "error", "message": "a token", "help": "revoke it", "pattern": "\\b)x" +
                                                       letters + R"x(-[a-z0-9]{12,40}",
       "keywords": [")x" + letters + R"x(-"], "examples": {"match": ["a", "b"], "pass": ["c", "d"]}},
      {"id": "digits", "kind": "secret", "severity": "error", "message": "digits", "help": "revoke it", "pattern": ")x" +
                                                       letters + R"x([0-9]{9}",
       "examples": {"match": ["a", "b"], "pass": ["c", "d"]}},
      {"id": "key", "kind": "json-key", "severity": "error", "message": "a key", "help": "take it out", "keyPattern": "^)x" +
                                                       letters + R"x($",
       "examples": {"match": [{"document": {"password": "a"}}, {"document": {"password": "b"}}], "pass": [{"document": 1}, {"document": 2}]}}
    ]})x");
    if (!loaded) FAIL(to_string(loaded.error()));
    return rules::SharedPack(std::make_shared<const rules::Pack>(std::move(*loaded)));
  };
  const secrets::Rulebook alone({pack("one", "aa")});
  const secrets::Rulebook both({pack("one", "aa"), pack("two", "bb")});
  const base::SourceText document(
      "d.json",
      R"({"x": "aa-0123456789ab", "y": "bb-0123456789ab aa123456789 bb123456789", "aa": "value of a key", "bb": "value of another"})");
  const auto places = [&](const secrets::Rulebook& book, std::size_t packs) {
    const auto found = secrets::check_document(book, document, packs);
    if (!found) FAIL(to_string(found.error()));
    std::vector<std::string> out;
    for (const finding::Finding& one : *found)
      out.push_back(one.rule_id + ' ' + std::to_string(one.span.begin.column) + ' ' + one.json_pointer + ' ' +
                    one.message);
    return out;
  };
  CHECK(places(both, secrets::all_packs).size() == 6);
  CHECK(places(alone, secrets::all_packs).size() == 3);
  CHECK(places(both, 1) == places(alone, secrets::all_packs));
  CHECK(places(both, 0).empty());
  CHECK(both.list(1).size() == 3);
  CHECK(both.list().size() == 6);
}
