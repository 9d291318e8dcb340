#include "lib/secrets/text_scan.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "lib/base/utf8.hpp"
#include "lib/secrets/json_places.hpp"
#include "lib/secrets/locator.hpp"
#include "lib/secrets/mask.hpp"
#include "lib/secrets/text_pieces.hpp"

namespace launchgate::secrets {
namespace {

// Looked up per text: each costs time in proportion to the breadth above it.
constexpr std::size_t most_pointers = 1000;
// Values that are looked for in excerpts beyond the places where they were found.
constexpr std::size_t shortest_value = 8;
constexpr std::size_t most_values = 200;

bool overlaps(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
  return a_begin < b_end && b_begin < a_end;
}

bool in_clear(const PrivateSpan& span) { return span.encoding == Encoding::none; }

Hidden hidden_by(const PrivateSpan& span) { return {span.begin, span.end, in_clear(span) ? showable(span.value) : 0}; }

// What is worth telling of the values in an encoded run, which are those from `first` to `last`: of overlapping ones
// one, none that was found in clear there already, and none that the next piece will find. Each moves to its lines.
void add_encoded(const Piece& piece, std::vector<PrivateSpan>::iterator first, std::vector<PrivateSpan>::iterator last,
                 std::vector<PrivateSpan>& told) {
  std::vector<Claim> claims;
  for (auto span = first; span != last; ++span)
    claims.push_back({span->rule, span->value_begin, span->value_begin + span->value.size()});
  for (const std::size_t index : without_overlaps(claims)) {
    PrivateSpan& span = first[static_cast<std::ptrdiff_t>(index)];
    const EncodedRun lines = lines_of(piece.text, span.run(), claims[index].begin, claims[index].end);
    if (lines.begin >= piece.end) continue;  // of a wrapped run that goes on in the next piece
    const bool known = std::any_of(told.begin(), told.end(), [&](const PrivateSpan& other) {
      return in_clear(other) && other.rule == span.rule && overlaps(other.begin, other.end, span.begin, span.end);
    });
    if (known) continue;
    span.begin = lines.begin;
    span.end = lines.end;
    told.push_back(std::move(span));
  }
}

std::vector<PrivateSpan> worth_telling(const Piece& piece, std::vector<PrivateSpan> all) {
  std::vector<PrivateSpan> told;
  auto first = std::find_if_not(all.begin(), all.end(), in_clear);
  std::move(all.begin(), first, std::back_inserter(told));
  while (first != all.end()) {
    const auto last = std::find_if(first, all.end(), [&](const PrivateSpan& span) {
      return span.begin != first->begin || span.encoding != first->encoding;
    });
    add_encoded(piece, first, last, told);
    first = last;
  }
  return told;
}

// Sorted, each once.
std::vector<std::string> long_values(std::vector<PrivateSpan> spans) {
  std::vector<std::string> values;
  for (PrivateSpan& span : spans) {
    if (span.value.size() >= shortest_value && values.size() < most_values) values.push_back(std::move(span.value));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

struct TextScanner::Progress {
  const LeakPlace place;
  TextResult result;
  Locator locator;  // at the start of the piece
  bool json = false;
  bool whole = false;  // the piece is the whole text
};

// The leaks of a piece before they have a position, and what must not be shown of it.
struct TextScanner::Pending {
  struct Unplaced {
    Leak leak;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Unplaced> leaks;
  std::vector<Hidden> hidden;
  std::vector<std::string> values;
  std::optional<JsonPlaces> places;
};

TextScanner::TextScanner(const Rulebook& book, ScanSettings settings)
    : book_(book), settings_(std::move(settings)), finder_(book, settings_.packs) {}

base::Result<std::vector<PrivateSpan>> TextScanner::find(const Piece& piece, const std::string& path) {
  auto all = finder_.find(piece, path);
  if (!all || all->empty()) return all;
  return worth_telling(piece, std::move(*all));
}

void TextScanner::read_allows(const Piece& piece, Progress& progress) const {
  for (const std::size_t marker : finder_.markers()) {
    if (marker < piece.begin || marker >= piece.end) continue;
    auto allow = read_allow(piece.text, marker, book_.ids(settings_.packs));
    if (!allow) continue;
    Locator locator = progress.locator;
    allow->span.begin = locator.advance(piece.text, marker);
    allow->span.end = locator.advance(piece.text, marker + Engine::marker.size());
    progress.result.allows.push_back(std::move(*allow));
  }
}

base::Result<void> TextScanner::add_keys(const JsonPlaces& places, const Progress& progress, Pending& pending) const {
  auto keys = finder_.find_keys(places);
  if (!keys) return keys.error();
  for (const JsonKey& key : *keys) {
    const bool known = std::any_of(pending.leaks.begin(), pending.leaks.end(), [&](const Pending::Unplaced& other) {
      return overlaps(other.begin, other.end, key.value_begin, key.value_end);
    });
    pending.hidden.push_back({key.value_begin, key.value_end, 0});
    if (known) continue;
    Leak leak = make_leak(key.rule->info, Encoding::none, key.value, progress.place);
    leak.finding.message = key.message + ", " + std::to_string(base::count_code_points(key.value)) + " characters";
    pending.leaks.push_back({std::move(leak), key.begin, key.end});
  }
  return {};
}

// Gives the leaks their places, in order.
void TextScanner::finish(const Piece& piece, Pending pending, Progress& progress) {
  const std::vector<Hidden> hidden = united(std::move(pending.hidden));
  std::stable_sort(pending.leaks.begin(), pending.leaks.end(),
                   [](const Pending::Unplaced& a, const Pending::Unplaced& b) { return a.begin < b.begin; });
  Locator locator = progress.locator;
  for (auto& [leak, begin, end] : pending.leaks) {
    finding::Finding& finding = leak.finding;
    finding.span.begin = locator.advance(piece.text, begin);
    Locator ahead = locator;
    finding.span.end = ahead.advance(piece.text, end);
    finding.message = without(std::move(finding.message), pending.values);
    finding.excerpt = masked_excerpt(piece.text, begin, end, hidden, pending.values);
    if (pending.places && progress.result.leaks.size() < most_pointers)
      finding.json_pointer = without(pending.places->pointer(begin), pending.values);
    progress.result.leaks.push_back(std::move(leak));
  }
}

base::Result<void> TextScanner::scan_piece(const Piece& piece, Progress& progress) {
  auto spans = find(piece, progress.place.path);
  if (!spans) return spans.error();
  read_allows(piece, progress);
  const bool keys_wanted = progress.json && finder_.may_have_keys(piece.text);
  if (spans->empty() && !keys_wanted) return {};

  Pending pending;
  std::vector<Claim> claims;  // of those in clear, which come first
  for (const PrivateSpan& span : *spans) {
    pending.hidden.push_back(hidden_by(span));
    if (in_clear(span)) claims.push_back({span.rule, span.begin, span.end});
  }
  std::vector<std::size_t> told = without_overlaps(claims);
  for (std::size_t encoded = claims.size(); encoded < spans->size(); ++encoded) told.push_back(encoded);
  for (const std::size_t index : told) {
    const PrivateSpan& span = (*spans)[index];
    if (settings_.most > 0 && progress.result.leaks.size() + pending.leaks.size() >= settings_.most) {
      progress.result.more.add(finder_.info(span.rule).severity);
      continue;
    }
    pending.leaks.push_back(
        {make_leak(finder_.info(span.rule), span.encoding, span.value, progress.place), span.begin, span.end});
  }
  if (progress.json && progress.whole) {
    pending.places = JsonPlaces::of(progress.place.path, piece.text);
    if (pending.places && keys_wanted) {
      if (auto done = add_keys(*pending.places, progress, pending); !done) return done;
    }
  }
  pending.values = long_values(std::move(*spans));
  finish(piece, std::move(pending), progress);
  return {};
}

base::Result<TextResult> TextScanner::scan(Reader& reader, const std::string& path, const std::string& shown) {
  const bool json = ends_with_json(path);
  Progress progress{{path, shown, settings_.salt}, {}, {}, json, false};
  TextPieces pieces(buffer_, reader,
                    {json ? settings_.whole_json : settings_.whole, settings_.piece, settings_.overlap});
  const auto text = pieces.start();
  if (!text) return text.error();
  TextResult& result = progress.result;
  result.binary = !*text;
  if (result.binary) return std::move(result);
  progress.whole = pieces.whole();
  finder_.begin_text(!progress.whole);
  while (true) {
    const Piece piece = pieces.piece();
    if (auto done = scan_piece(piece, progress); !done) return done.error();
    if (pieces.last()) break;
    const std::size_t passed = pieces.passed();
    (void)progress.locator.advance(piece.text, passed);
    progress.locator.rebase();
    finder_.drop(passed);
    if (auto done = pieces.advance(); !done) return done.error();
  }
  result.bytes = pieces.bytes();
  result.keys_unchecked = json && !progress.whole;
  result.allowed = apply_allows(result.allows, result.leaks);
  return std::move(result);
}

base::Result<std::vector<Leak>> TextScanner::scan_path(const std::string& path, const std::string& shown) {
  auto rules = book_.engine().find_path(path);
  if (!rules) return rules.error();
  std::erase_if(*rules, [&](std::uint32_t rule) { return rule >= finder_.share().secrets; });
  std::vector<Leak> leaks;
  for (const std::uint32_t rule : *rules) {
    Leak leak = make_leak(finder_.info(rule), Encoding::none, "", {path, shown, settings_.salt});
    leak.finding.message =
        leak.finding.message.substr(0, leak.finding.message.rfind(", ")) + ", by the path of the file";
    leaks.push_back(std::move(leak));
  }
  return leaks;
}

base::Result<std::vector<Leak>> TextScanner::scan_name(const std::string& name, const std::string& path,
                                                       std::string_view what, std::string& masked_name) {
  masked_name = name;
  finder_.begin_text(false);
  const auto spans = find({name}, path);
  if (!spans) return spans.error();
  std::vector<Leak> leaks;
  if (spans->empty()) return leaks;
  std::vector<Hidden> hidden;
  std::vector<Claim> claims;
  for (const PrivateSpan& span : *spans) {
    hidden.push_back(hidden_by(span));
    claims.push_back({span.rule, span.begin, span.end});
  }
  masked_name = masked(name, 0, united(std::move(hidden)));
  for (const std::size_t index : without_overlaps(claims)) {
    const PrivateSpan& span = (*spans)[index];
    Leak leak = make_leak(finder_.info(span.rule), span.encoding, span.value, {path, masked_name, settings_.salt});
    leak.finding.message = std::string(what) + " holds: " + leak.finding.message;
    leaks.push_back(std::move(leak));
  }
  return leaks;
}

base::Result<std::vector<finding::Finding>> check_document(const Rulebook& book, const base::SourceText& source,
                                                           std::size_t packs, std::size_t most, TextResult* rest) {
  ScanSettings settings;
  settings.packs = packs;
  settings.most = most;
  TextScanner scanner(book, std::move(settings));
  MemoryReader reader(source.text());
  auto result = scanner.scan(reader, source.path(), source.path());
  if (!result) return result.error();
  std::vector<finding::Finding> findings;
  for (Leak& leak : result->leaks) findings.push_back(std::move(leak.finding));
  if (rest != nullptr) {
    result->leaks.clear();
    *rest = std::move(*result);
  }
  return findings;
}

}  // namespace launchgate::secrets
