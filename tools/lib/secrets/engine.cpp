#include "lib/secrets/engine.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "lib/base/text.hpp"
#include "lib/regex/pattern_shape.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t line_context = 4096;
constexpr std::size_t window_context = 64UL * 1024;
constexpr int most_groups = 32;
constexpr std::size_t shortest_own_literal = 3;

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

base::Result<bool> matches_any(const std::vector<rules::Pattern>& patterns, std::string_view text) {
  for (const rules::Pattern& pattern : patterns) {
    auto regex = pattern.compiled();
    if (!regex) return std::move(regex).error();
    if (re2::RE2::PartialMatch(piece_of(text), **regex)) return true;
  }
  return false;
}

// The lines that [begin, end) touches, and `more` lines to either side, at most `reach` bytes away.
std::string_view lines_around(std::string_view text, std::size_t begin, std::size_t end, std::uint32_t more,
                              std::size_t reach) {
  const std::size_t least = begin > reach ? begin - reach : 0;
  const std::size_t most = std::min(text.size(), end + reach);
  std::size_t first = begin;
  for (std::uint32_t lines = more; first > least; --first) {
    if (text[first - 1] == '\n' && lines-- == 0) break;
  }
  std::size_t last = end;
  for (std::uint32_t lines = more; last < most; ++last) {
    if (text[last] == '\n' && lines-- == 0) break;
  }
  return text.substr(first, last - first);
}

base::Result<bool> applies(const Allowance& allowance, const Match& match, std::string_view text,
                           std::string_view path) {
  const std::string_view secret = text.substr(match.begin, match.end - match.begin);
  bool some = false;
  bool every = true;
  std::optional<base::Error> error;
  const auto note = [&](bool given, base::Result<bool> result) {
    if (!given) return;
    if (!result) {
      error = std::move(result).error();
      return;
    }
    some = some || *result;
    every = every && *result;
  };
  note(!allowance.paths.empty(), matches_any(allowance.paths, path));
  note(!allowance.values.empty(), matches_any(allowance.values, secret));
  note(!allowance.matches.empty(),
       matches_any(allowance.matches, text.substr(match.match_begin, match.match_end - match.match_begin)));
  if (!allowance.lines.empty()) {
    note(true, matches_any(allowance.lines, lines_around(text, match.match_begin, match.match_end, 0, line_context)));
  }
  if (!allowance.stopwords.empty()) {
    const std::string folded = base::lower_case(secret);
    note(true, std::any_of(allowance.stopwords.begin(), allowance.stopwords.end(),
                           [&](const std::string& word) { return folded.find(word) != std::string::npos; }));
  }
  if (error) return *error;
  return allowance.all ? some && every : some;
}

SecretRule secret_rule(const finding::RuleInfo& info, const rules::Secret& secret,
                       std::shared_ptr<const rules::Harmless> harmless) {
  SecretRule one;
  one.info = info;
  one.pattern = secret.pattern;
  one.group = secret.group;
  one.keywords = secret.keywords;
  one.min_entropy = secret.min_entropy;
  Allowance allowance;
  allowance.paths = secret.allow_paths;
  allowance.values = secret.allow_values;
  allowance.lines = secret.allow_lines;
  one.allow.push_back(std::move(allowance));
  one.needs = secret.needs;
  one.needs_window = secret.needs_window;
  one.harmless = std::move(harmless);
  return one;
}

}  // namespace

struct Engine::Compiled {
  std::once_flag read;
  std::unique_ptr<const SecretRule> rest;
  std::optional<base::Error> unreadable;
  std::vector<std::string> literals;  // what `around` is relative to
  std::once_flag analysed;
  std::optional<regex::Surroundings> around;  // of a literal in a match; none: windows are the whole text
  std::once_flag once;
  const re2::RE2* regex = nullptr;
  std::optional<base::Error> error;
  int groups = 0;
};

double shannon_entropy(std::string_view bytes) {
  std::array<std::size_t, 256> counts{};
  for (const char c : bytes) ++counts[static_cast<unsigned char>(c)];
  double sum = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
    sum -= share * std::log2(share);
  }
  return sum;
}

std::vector<SecretRule> secret_rules(const rules::Pack& pack) {
  std::vector<SecretRule> list;
  for (const rules::Rule& rule : pack.rules) {
    if (const auto* secret = std::get_if<rules::Secret>(&rule.body))
      list.push_back(secret_rule(rule.info, *secret, pack.harmless));
  }
  return list;
}

std::vector<SecretRule> secret_rules(const std::shared_ptr<const rules::PackOutline>& outline) {
  std::vector<SecretRule> list;
  list.reserve(outline->size());
  for (std::size_t i = 0; i < outline->size(); ++i) {
    if (outline->kind(i) != "secret") continue;
    SecretRule one;
    one.info.id = outline->id(i);
    one.keywords = outline->keywords(i);
    one.rest = [outline, i]() -> base::Result<SecretRule> {
      auto owned = outline->rule(i);
      if (!owned) return std::move(owned).error();
      const auto harmless = outline->harmless();
      if (!harmless) return harmless.error();
      return secret_rule(owned->rule.info, std::get<rules::Secret>(owned->rule.body), *harmless);
    };
    list.push_back(std::move(one));
  }
  return list;
}

Engine::Engine(std::vector<SecretRule> rules)
    : rules_(std::move(rules)), compiled_(std::make_unique<Compiled[]>(rules_.size())) {
  std::vector<std::string> literals;
  std::unordered_map<std::string, std::uint32_t> index;
  const auto literal_index = [&](const std::string& word) {
    const auto [place, fresh] = index.emplace(base::lower_case(word), static_cast<std::uint32_t>(literals.size()));
    if (fresh) {
      literals.push_back(place->first);
      rules_of_literal_.emplace_back();
    }
    return place->second;
  };
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    // Without a keyword there is no telling when the rest is needed.
    if (rules_[i].rest && rules_[i].keywords.empty()) (void)complete(i);
    const SecretRule& rule = this->rule(i);
    if (!rule.pattern && !rule.rest) path_only_.push_back(i);
    if (!rule.pattern && !rule.rest) continue;
    Compiled& compiled = compiled_[i];
    if (rule.keywords_in_match) {
      for (const std::string& word : rule.keywords) compiled.literals.push_back(base::lower_case(word));
    }
    if (compiled.literals.empty() && rule.pattern) {
      if (const auto shape = rule.pattern->shape()) compiled.literals = shape->required(shortest_own_literal);
    }
    const bool keywords_gate = compiled.literals.empty() && !rule.keywords.empty();
    for (const std::string& word : keywords_gate ? rule.keywords : compiled.literals)
      rules_of_literal_[literal_index(word)].push_back(i);
    if (compiled.literals.empty() && !keywords_gate) always_.push_back(i);
  }
  marker_literal_ = literal_index(std::string(marker));
  for (const std::string& literal : literals) literal_lengths_.push_back(static_cast<std::uint32_t>(literal.size()));
  literals_ = std::make_unique<LiteralSet>(literals);
}

Engine::~Engine() = default;

base::Result<const SecretRule*> Engine::complete(std::uint32_t rule) const {
  if (!rules_[rule].rest) return &rules_[rule];
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.read, [&] {
    auto rest = rules_[rule].rest();
    if (rest) {
      compiled.rest = std::make_unique<const SecretRule>(std::move(*rest));
    } else {
      compiled.unreadable = std::move(rest).error();
    }
  });
  if (compiled.unreadable) return *compiled.unreadable;
  return compiled.rest.get();
}

const SecretRule& Engine::rule(std::uint32_t index) const {
  const SecretRule* rest = compiled_[index].rest.get();
  return rest == nullptr ? rules_[index] : *rest;
}

// Cheaper than compiling, and enough to turn down most occurrences of keywords in ordinary text.
const Engine::Compiled& Engine::analysed(std::uint32_t rule) const {
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.analysed, [&] {
    if (compiled.literals.empty()) return;
    const regex::PatternShape* const shape = this->rule(rule).pattern->shape();
    if (shape == nullptr) return;
    compiled.around = shape->around(compiled.literals);
    if (compiled.around) return;
    // The keyword may stand anywhere in the match.
    regex::Extent whole = shape->whole();
    whole.min = 0;
    compiled.around = regex::Surroundings{whole, whole};
  });
  return compiled;
}

base::Result<void> Engine::compile(std::uint32_t rule) const {
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.once, [&] {
    auto regex = this->rule(rule).pattern->compiled();
    if (!regex) {
      compiled.error = std::move(regex).error();
      return;
    }
    compiled.regex = *regex;
    compiled.groups = std::min(compiled.regex->NumberOfCapturingGroups() + 1, most_groups);
  });
  if (compiled.error) return *compiled.error;
  return {};
}

base::Result<void> Engine::prepare() const {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    const auto whole = complete(i);
    if (!whole) return whole.error();
    if (!(*whole)->pattern) continue;
    if (auto ready = compile(i); !ready) return ready;
  }
  return {};
}

// `places` ascend. The beginning of a window only grows with its place, since what stops a walk to the left stops a
// later one at the latest there.
void Engine::windows(const Compiled& compiled, const Piece& piece, const std::vector<std::uint64_t>& places,
                     std::vector<Window>& out) const {
  out.clear();
  if (!compiled.around) {
    out.push_back({0, piece.text.size(), false});
    return;
  }
  const auto& [before, after] = *compiled.around;
  const auto* bytes = reinterpret_cast<const unsigned char*>(piece.text.data());
  for (const std::uint64_t place : places) {
    const std::size_t at = place & UINT32_MAX;
    const std::size_t literal_end = at + (place >> 32U);
    const std::size_t reach = after.max == regex::unbounded
                                  ? piece.text.size()
                                  : std::min<std::size_t>(piece.text.size(), literal_end + after.max);
    if (!out.empty() && at <= out.back().end) {
      std::size_t end = std::max(literal_end, out.back().end);
      while (end < reach && after.bytes.contains(bytes[end])) ++end;
      out.back().end = std::max(out.back().end, end);
      out.back().anchored = false;
      continue;
    }
    const std::size_t floor = before.max >= at ? 0 : at - before.max;
    std::size_t begin = at;
    while (begin > floor && before.bytes.contains(bytes[begin - 1])) --begin;
    if (at - begin < before.min) continue;
    std::size_t end = literal_end;
    while (end < reach && after.bytes.contains(bytes[end])) ++end;
    if (end - literal_end < after.min) continue;
    if (!out.empty() && begin <= out.back().end) {
      out.back().end = std::max(out.back().end, end);
      out.back().anchored = false;
      continue;
    }
    out.push_back({begin, end, begin == at || at - begin == before.min});
  }
}

void Engine::narrow(const rules::Pattern& pattern, std::string_view text, std::vector<Window>& windows) {
  std::erase_if(windows, [&](const Window& window) {
    return !pattern.may_match(text.substr(window.begin, window.end - window.begin), window.anchored);
  });
}

base::Result<bool> Engine::counts(const SecretRule& rule, const Match& match, std::string_view text,
                                  std::string_view path) const {
  const std::string_view secret = text.substr(match.begin, match.end - match.begin);
  if (rule.min_entropy > 0) {
    const double entropy = shannon_entropy(secret);
    if (rule.entropy_above ? entropy <= rule.min_entropy : entropy < rule.min_entropy) return false;
  }
  if (rule.harmless) {
    auto harmless = rule.harmless->covers(secret);
    if (!harmless || *harmless) return harmless ? base::Result<bool>(false) : std::move(harmless);
  }
  for (const Allowance& allowance : rule.allow) {
    auto allowed = applies(allowance, match, text, path);
    if (!allowed || *allowed) return allowed ? base::Result<bool>(false) : std::move(allowed);
  }
  if (rule.needs) {
    auto regex = rule.needs->compiled();
    if (!regex) return std::move(regex).error();
    const std::string_view around =
        lines_around(text, match.match_begin, match.match_end, rule.needs_window, window_context);
    if (!re2::RE2::PartialMatch(piece_of(around), **regex)) return false;
  }
  return true;
}

base::Result<void> Engine::search(std::uint32_t index, const Piece& piece, std::string_view path,
                                  const std::vector<Window>& windows, Scratch& scratch,
                                  std::vector<Match>& matches) const {
  const SecretRule& rule = this->rule(index);
  const Compiled& compiled = compiled_[index];
  const std::string_view text = piece.text;
  std::array<re2::StringPiece, most_groups> groups;
  std::size_t position = piece.begin;
  if (!scratch.resume.empty()) position = std::max(position, scratch.resume[index]);
  for (const Window& window : windows) {
    const bool anchored = window.anchored && position <= window.begin;
    position = std::max(position, window.begin);
    while (position <= window.end && compiled.regex->Match(piece_of(text), position, window.end,
                                                           anchored ? re2::RE2::ANCHOR_START : re2::RE2::UNANCHORED,
                                                           groups.data(), compiled.groups)) {
      Match match;
      match.rule = index;
      match.match_begin = static_cast<std::size_t>(groups[0].data() - text.data());
      match.match_end = match.match_begin + groups[0].size();
      if (match.match_begin >= piece.end) return {};
      std::size_t chosen = rule.group < static_cast<std::uint32_t>(compiled.groups) ? rule.group : 0;
      for (std::size_t g = 1; rule.first_group && chosen == 0 && g < static_cast<std::size_t>(compiled.groups); ++g) {
        if (!groups[g].empty()) chosen = g;
      }
      const re2::StringPiece secret = groups[chosen].data() == nullptr ? groups[0] : groups[chosen];
      match.begin = static_cast<std::size_t>(secret.data() - text.data());
      match.end = match.begin + secret.size();
      if (match.end > match.begin) {
        auto real = counts(rule, match, text, path);
        if (!real) return std::move(real).error();
        if (*real) matches.push_back(match);
      }
      // What follows the secret in a match, a delimiter for example, may belong to the next.
      position = std::max(match.end, match.match_begin + 1);
      if (!scratch.resume.empty()) scratch.resume[index] = position;
      if (anchored) break;
    }
  }
  return {};
}

base::Result<void> Engine::find(const Piece& piece, std::string_view path, Scratch& scratch,
                                std::vector<Match>& matches) const {
  if (scratch.places_.size() < rules_.size()) scratch.places_.resize(rules_.size());
  scratch.hits_.clear();
  scratch.touched_.clear();
  scratch.markers.clear();
  literals_->find(piece.text, scratch.hits_);
  for (const LiteralHit& hit : scratch.hits_) {
    if (hit.literal == marker_literal_) scratch.markers.push_back(hit.position);
    for (const std::uint32_t rule : rules_of_literal_[hit.literal]) {  // in their order
      if (rule >= piece.rules) break;
      if (scratch.places_[rule].empty()) scratch.touched_.push_back(rule);
      scratch.places_[rule].push_back(std::uint64_t{literal_lengths_[hit.literal]} << 32U | hit.position);
    }
  }
  for (const std::uint32_t rule : always_) {
    if (rule >= piece.rules) break;
    if (scratch.places_[rule].empty()) scratch.touched_.push_back(rule);
  }
  const std::size_t first = matches.size();
  base::Result<void> outcome;
  std::vector<Window> open;
  for (const std::uint32_t rule : scratch.touched_) {
    auto& places = scratch.places_[rule];
    const auto whole = outcome ? complete(rule) : base::Result<const SecretRule*>(&rules_[rule]);
    if (!whole) outcome = whole.error();
    if (outcome && (*whole)->only_paths) {
      const auto regex = (*whole)->only_paths->compiled();
      if (!regex) outcome = regex.error();
      if (regex && !re2::RE2::PartialMatch(piece_of(path), **regex)) {
        places.clear();
        continue;
      }
    }
    if (outcome) {
      const auto by_position = [](std::uint64_t a, std::uint64_t b) { return (a & UINT32_MAX) < (b & UINT32_MAX); };
      if (!std::is_sorted(places.begin(), places.end(), by_position))
        std::stable_sort(places.begin(), places.end(), by_position);
      const Compiled& compiled = analysed(rule);
      windows(compiled, piece, places, open);
      if (!open.empty()) narrow(*(*whole)->pattern, piece.text, open);
      if (!open.empty()) outcome = compile(rule);
      if (outcome && !open.empty()) outcome = search(rule, piece, path, open, scratch, matches);
    }
    places.clear();
  }
  std::sort(scratch.markers.begin(), scratch.markers.end());
  std::sort(matches.begin() + static_cast<std::ptrdiff_t>(first), matches.end(), [](const Match& a, const Match& b) {
    return std::tie(a.begin, a.end, a.rule) < std::tie(b.begin, b.end, b.rule);
  });
  return outcome;
}

base::Result<std::vector<std::uint32_t>> Engine::find_path(std::string_view path) const {
  std::vector<std::uint32_t> found;
  for (const std::uint32_t i : path_only_) {
    const SecretRule& rule = rules_[i];
    if (!rule.only_paths) continue;
    const auto regex = rule.only_paths->compiled();
    if (!regex) return regex.error();
    if (!re2::RE2::PartialMatch(piece_of(path), **regex)) continue;
    bool allowed = false;
    for (const Allowance& allowance : rule.allow) {
      auto by_path = matches_any(allowance.paths, path);
      if (!by_path) return std::move(by_path).error();
      allowed = allowed || *by_path;
    }
    if (!allowed) found.push_back(i);
  }
  return found;
}

void drop_overlapping(std::vector<Match>& matches) {
  std::vector<Match> by_rule = matches;
  std::stable_sort(by_rule.begin(), by_rule.end(), [](const Match& a, const Match& b) { return a.rule < b.rule; });
  std::map<std::size_t, Match> kept;  // by position; disjoint, so that only the neighbour to either side can overlap
  for (const Match& match : by_rule) {
    const auto after = kept.lower_bound(match.begin);
    if (after != kept.end() && after->first < match.end) continue;
    if (after != kept.begin() && std::prev(after)->second.end > match.begin) continue;
    kept.emplace_hint(after, match.begin, match);
  }
  matches.clear();
  for (const auto& [position, match] : kept) matches.push_back(match);
}

}  // namespace launchgate::secrets
