#include "lib/secrets/text_scan.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"
#include "lib/secrets/json_places.hpp"
#include "lib/secrets/locator.hpp"
#include "lib/secrets/mask.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t sniffed = 8192;
constexpr std::size_t first_buffer = 64UL * 1024;  // grows with the files
constexpr std::size_t digest_digits = 32;
constexpr std::size_t most_pointers =
    1000;  // looked up per text: each costs time in proportion to the breadth above it
constexpr std::size_t longest_allow = 500;
// Values that are looked for in excerpts beyond the places where they were found.
constexpr std::size_t shortest_value = 8;
constexpr std::size_t most_values = 200;

bool ends_with_json(const std::string& path) {
  if (path.size() < 5) return false;
  std::string ending = path.substr(path.size() - 5);
  std::transform(ending.begin(), ending.end(), ending.begin(), base::lower);
  return ending == ".json";
}

std::string_view short_name(std::string_view rule) {
  const auto slash = rule.rfind('/');
  return slash == std::string_view::npos ? rule : rule.substr(slash + 1);
}

bool overlaps(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
  return a_begin < b_end && b_begin < a_end;
}

}  // namespace

base::Result<std::size_t> MemoryReader::read(char* into, std::size_t size) {
  const std::size_t got = std::min(size, rest_.size());
  if (got > 0) std::memcpy(into, rest_.data(), got);
  rest_.remove_prefix(got);
  return got;
}

struct TextScanner::Progress {
  const std::string& path;
  const std::string& shown;
  TextResult result;
  Locator locator;  // at the start of the piece
  bool json = false;
  bool whole = false;  // the piece is the whole text
};

TextScanner::TextScanner(const Rulebook& book, ScanSettings settings)
    : book_(book), settings_(std::move(settings)), share_(book.share(settings_.packs)) {}

Leak TextScanner::make_leak(const finding::RuleInfo& rule, Encoding encoding, std::string_view value,
                            const std::string& path, const std::string& shown) const {
  Leak leak;
  finding::Finding& finding = leak.finding;
  finding.rule_id = rule.id;
  finding.severity = rule.severity;
  finding.file = shown;
  finding.message = rule.summary;
  if (encoding != Encoding::none) finding.message += ", " + std::string(name(encoding));
  const std::size_t length = base::count_code_points(value);
  finding.message += ", " + std::to_string(length) + (length == 1 ? " character" : " characters");
  if (const std::size_t clear = showable(value); clear > 0)
    finding.message += ", \"" + std::string(value.substr(0, clear)) + "…\"";
  finding.help = rule.why.empty() ? rule.help : rule.why + "; " + rule.help;
  if (settings_.suggest_allowance) {
    finding.help += ends_with_json(path)
                        ? "; if it is no secret, allow rule, path and pointer under leaks.allow in launchgate.json"
                        : "; if it is no secret, write " + std::string(Engine::marker) + ' ' +
                              std::string(short_name(rule.id)) + " REASON on or above the line";
    finding.help += "; more: launchgate explain " + rule.id;
  }
  if (!settings_.salt.empty()) {
    leak.digest = finding::sha256_hex(settings_.salt + '\0' + rule.id + '\0' + path + '\0' + std::string(value))
                      .substr(0, digest_digits);
  }
  return leak;
}

base::Result<std::vector<TextScanner::Found>> TextScanner::find_all(const Piece& piece, const std::string& path) {
  std::vector<Match> matches;
  if (auto done = book_.engine().find({piece.text, piece.begin, piece.end, share_.secrets}, path, scratch_, matches);
      !done)
    return std::move(done).error();
  std::vector<Found> all;
  for (const Match& match : matches) {
    all.push_back({match.rule, Encoding::none, match.begin, match.end,
                   std::string(piece.text.substr(match.begin, match.end - match.begin))});
  }
  runs_.clear();
  find_encoded(piece.text, piece.begin, piece.end, runs_);
  for (const EncodedRun& run : runs_) {
    decode(piece.text, run, decoded_);
    matches.clear();
    if (auto done =
            book_.engine().find({decoded_, 0, std::string_view::npos, share_.secrets}, path, decoded_scratch_, matches);
        !done)
      return std::move(done).error();
    drop_overlapping(matches);
    for (const Match& match : matches) {
      const EncodedRun lines = lines_of(piece.text, run, match.begin, match.end);
      if (lines.begin >= piece.end) continue;  // of a wrapped run that goes on in the next piece
      // What an encoded run holds in clear was found there already.
      const bool known = std::any_of(all.begin(), all.end(), [&](const Found& other) {
        return other.encoding == Encoding::none && other.rule == match.rule &&
               overlaps(other.begin, other.end, run.begin, run.end);
      });
      if (!known)
        all.push_back(
            {match.rule, run.encoding, lines.begin, lines.end, decoded_.substr(match.begin, match.end - match.begin)});
    }
  }
  return all;
}

void TextScanner::read_allow(const Piece& piece, std::size_t marker, Progress& progress) const {
  const std::size_t after = marker + Engine::marker.size();
  std::string_view rest = piece.text.substr(after, longest_allow);
  if (const auto newline = rest.find('\n'); newline != std::string_view::npos) rest = rest.substr(0, newline);
  // Quoted in a text about it, or with a stand-in for the rule: no allowance is meant.
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t' && rest.front() != '\r') return;
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!rest.empty() && blank(rest.front())) rest.remove_prefix(1);
  const auto is_rule = [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '/'; };
  const std::size_t length =
      static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_rule) - rest.begin());
  if (length == 0 && !rest.empty() &&
      (rest.substr(0, 4) == "RULE" || std::string_view("<{[$").find(rest.front()) != std::string_view::npos))
    return;
  Allow allow;
  allow.rule = std::string(rest.substr(0, length));
  rest.remove_prefix(length);
  const bool reason = std::any_of(rest.begin(), rest.end(),
                                  [](char c) { return base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; });
  std::vector<std::string> names;
  bool known = false;
  for (std::string& id : book_.ids()) {
    known = known || id == allow.rule || short_name(id) == allow.rule;
    names.emplace_back(short_name(id));
    names.push_back(std::move(id));
  }
  if (allow.rule.empty()) {
    allow.problem = "names no rule";
  } else if (!known) {
    const std::string near = base::did_you_mean(allow.rule, names);
    allow.problem = "names a rule that does not exist" + (near.empty() ? near : "; " + near);
  } else if (!reason) {
    allow.problem = "gives no reason";
  }
  Locator locator = progress.locator;
  allow.span.begin = locator.advance(piece.text, marker);
  allow.span.end = locator.advance(piece.text, after);
  progress.result.allows.push_back(std::move(allow));
}

base::Result<void> TextScanner::scan_piece(const Piece& piece, const std::string& path, Progress& progress) {
  auto all = find_all(piece, path);
  if (!all) return std::move(all).error();
  for (const std::size_t marker : scratch_.markers) {
    if (marker >= piece.begin && marker < piece.end) read_allow(piece, marker, progress);
  }
  const bool keys_wanted = progress.json && book_.may_have_keys(piece.text);
  if (all->empty() && !keys_wanted) return {};

  std::vector<Hidden> hidden;
  std::vector<Match> ranges;
  for (std::uint32_t i = 0; i < all->size(); ++i) {
    const Found& found = (*all)[i];
    hidden.push_back({found.begin, found.end, found.encoding == Encoding::none ? showable(found.value) : 0});
    if (found.encoding == Encoding::none) ranges.push_back({found.rule, found.begin, found.end, i, 0});
  }
  drop_overlapping(ranges);

  // The findings, each with the offset where it stands.
  struct Placed {
    Leak leak;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Placed> placed;
  const auto place = [&](const Found& found) {
    const finding::RuleInfo& rule = book_.engine().rule(found.rule).info;
    placed.push_back({make_leak(rule, found.encoding, found.value, path, progress.shown), found.begin, found.end});
  };
  for (const Match& range : ranges) place((*all)[range.match_begin]);
  for (const Found& found : *all) {
    if (found.encoding != Encoding::none) place(found);
  }

  std::optional<JsonPlaces> places;
  if (progress.json && progress.whole) {
    places = JsonPlaces::of(path, piece.text);
    if (places && keys_wanted) {
      const auto key_rules = book_.key_rules();
      if (!key_rules) return key_rules.error();
      auto keys =
          places->keys({(*key_rules)->begin(), (*key_rules)->begin() + static_cast<std::ptrdiff_t>(share_.keys)});
      if (!keys) return std::move(keys).error();
      for (const JsonKey& key : *keys) {
        const bool known = std::any_of(placed.begin(), placed.end(), [&](const Placed& other) {
          return overlaps(other.begin, other.end, key.value_begin, key.value_end);
        });
        hidden.push_back({key.value_begin, key.value_end, 0});
        if (known) continue;
        Leak leak = make_leak(key.rule->info, Encoding::none, key.value, path, progress.shown);
        leak.finding.message = key.message + ", " + std::to_string(base::count_code_points(key.value)) + " characters";
        placed.push_back({std::move(leak), key.begin, key.end});
      }
    }
  } else if (progress.json) {
    progress.result.keys_unchecked = true;
  }

  hidden = united(std::move(hidden));
  std::vector<std::string> values;
  for (Found& found : *all) {
    if (found.value.size() >= shortest_value && values.size() < most_values) values.push_back(std::move(found.value));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
  Locator locator = progress.locator;
  for (Placed& one : placed) {
    finding::Finding& finding = one.leak.finding;
    finding.span.begin = locator.advance(piece.text, one.begin);
    Locator ahead = locator;
    finding.span.end = ahead.advance(piece.text, one.end);
    finding.message = without(std::move(finding.message), values);
    finding.excerpt = masked_excerpt(piece.text, one.begin, one.end, hidden, values);
    if (places && progress.result.leaks.size() < most_pointers)
      finding.json_pointer = without(places->pointer(one.begin), values);
    progress.result.leaks.push_back(std::move(one.leak));
  }
  return {};
}

base::Result<TextResult> TextScanner::scan(Reader& reader, const std::string& path, const std::string& shown) {
  Progress progress{path, shown, {}, {}, ends_with_json(path), false};
  const std::size_t whole = progress.json ? settings_.whole_json : settings_.whole;
  std::size_t have = 0;
  bool ended = false;
  Reader* source = &reader;
  std::unique_ptr<Reader> converted;
  // Grows the buffer as bytes arrive, so that small texts stay small.
  const auto fill = [&](std::size_t wanted, std::size_t most) -> base::Result<void> {
    while (have < wanted && !ended) {
      if (buffer_.size() == have) buffer_.resize(std::min(wanted, std::max(first_buffer, 2 * have)));
      auto got = source->read(buffer_.data() + have, std::min(buffer_.size(), most) - have);
      if (!got) return std::move(got).error();
      ended = *got == 0;
      have += *got;
    }
    return {};
  };
  if (buffer_.size() < first_buffer) buffer_.resize(first_buffer);
  if (auto done = fill(sniffed, first_buffer); !done) return std::move(done).error();
  const TextKind kind = sniff({buffer_.data(), std::min(have, sniffed)});
  if (kind == TextKind::binary) {
    progress.result.binary = true;
    return std::move(progress.result);
  }
  if (kind == TextKind::utf16_big || kind == TextKind::utf16_little) {
    converted = read_utf16(std::string(buffer_.data(), have), reader, kind == TextKind::utf16_big);
    source = converted.get();
    have = 0;
    ended = false;
  }
  if (auto done = fill(whole + 1, whole + 1); !done) return std::move(done).error();

  scratch_.resume.clear();
  if (kind == TextKind::utf8_mark) {
    have -= 3;
    std::memmove(buffer_.data(), buffer_.data() + 3, have);
  }
  if (ended) {
    progress.whole = true;
    progress.result.bytes = have;
    if (auto done = scan_piece({{buffer_.data(), have}}, path, progress); !done) return std::move(done).error();
  } else {
    scratch_.resume.assign(book_.engine().rules().size(), 0);
    std::size_t begin = 0;
    progress.result.bytes = have;
    while (true) {
      const std::string_view text(buffer_.data(), have);
      const std::size_t end = ended ? std::string_view::npos : have - settings_.overlap;
      if (auto done = scan_piece({text, begin, end}, path, progress); !done) return std::move(done).error();
      if (ended) break;
      const std::size_t first = end > settings_.overlap ? end - settings_.overlap : 0;
      (void)progress.locator.advance(text, first);
      progress.locator.rebase();
      for (std::size_t& resume : scratch_.resume) resume = resume > first ? resume - first : 0;
      std::memmove(buffer_.data(), buffer_.data() + first, have - first);
      have -= first;
      begin = end - first;
      const std::size_t before = have;
      if (auto done = fill(have + settings_.piece, have + settings_.piece); !done) return std::move(done).error();
      progress.result.bytes += have - before;
    }
    scratch_.resume.clear();
    if (progress.json) progress.result.keys_unchecked = true;
  }

  std::vector<Allow>& allows = progress.result.allows;
  const auto allowed = [&](const Leak& leak) {
    bool any = false;
    for (Allow& allow : allows) {
      if (!allow.problem.empty() ||
          (allow.rule != leak.finding.rule_id && allow.rule != short_name(leak.finding.rule_id)))
        continue;
      const std::uint32_t line = leak.finding.span.begin.line;
      if (allow.span.begin.line != line && allow.span.begin.line + 1 != line) continue;
      allow.used = any = true;
    }
    return any;
  };
  if (!allows.empty()) progress.result.allowed = std::erase_if(progress.result.leaks, allowed);
  return std::move(progress.result);
}

base::Result<std::vector<Leak>> TextScanner::scan_path(const std::string& path, const std::string& shown) {
  auto rules = book_.engine().find_path(path);
  if (!rules) return std::move(rules).error();
  std::erase_if(*rules, [&](std::uint32_t rule) { return rule >= share_.secrets; });
  std::vector<Leak> leaks;
  for (const std::uint32_t rule : *rules) {
    Leak leak = make_leak(book_.engine().rule(rule).info, Encoding::none, "", path, shown);
    leak.finding.message =
        leak.finding.message.substr(0, leak.finding.message.rfind(", ")) + ", by the path of the file";
    leaks.push_back(std::move(leak));
  }
  return leaks;
}

base::Result<std::vector<Leak>> TextScanner::scan_name(const std::string& name, const std::string& path,
                                                       std::string_view what, std::string& masked_name) {
  scratch_.resume.clear();
  masked_name = name;
  auto all = find_all({name}, path);
  if (!all) return std::move(all).error();
  std::vector<Leak> leaks;
  if (all->empty()) return leaks;
  std::vector<Hidden> hidden;
  std::vector<Match> ranges;
  for (std::uint32_t i = 0; i < all->size(); ++i) {
    const Found& found = (*all)[i];
    hidden.push_back({found.begin, found.end, found.encoding == Encoding::none ? showable(found.value) : 0});
    ranges.push_back({found.rule, found.begin, found.end, i, 0});
  }
  masked_name = masked(name, 0, united(std::move(hidden)));
  drop_overlapping(ranges);
  for (const Match& range : ranges) {
    const Found& found = (*all)[range.match_begin];
    Leak leak = make_leak(book_.engine().rule(found.rule).info, found.encoding, found.value, path, masked_name);
    leak.finding.message = std::string(what) + " holds: " + leak.finding.message;
    leaks.push_back(std::move(leak));
  }
  return leaks;
}

base::Result<std::vector<finding::Finding>> check_document(const Rulebook& book, const base::SourceText& source,
                                                           std::size_t packs) {
  ScanSettings settings;
  settings.packs = packs;
  TextScanner scanner(book, std::move(settings));
  MemoryReader reader(source.text());
  auto result = scanner.scan(reader, source.path(), source.path());
  if (!result) return std::move(result).error();
  std::vector<finding::Finding> findings;
  for (Leak& leak : result->leaks) findings.push_back(std::move(leak.finding));
  return findings;
}

}  // namespace launchgate::secrets
