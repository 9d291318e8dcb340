#include "lib/secrets/engine.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "lib/base/text.hpp"
#include "lib/regex/pattern_shape.hpp"
#include "lib/secrets/decode.hpp"

namespace launchgate::secrets {
namespace {

constexpr int most_groups = 32;
constexpr std::size_t shortest_own_literal = 3;

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct Engine::Compiled {
  std::once_flag read;
  std::unique_ptr<const SecretRule> rest;
  std::vector<std::string> literals;  // what `around` is relative to
  std::once_flag analysed;
  std::optional<regex::Surroundings> around;  // of a literal in a match; none: windows are the whole text
  std::once_flag once;
  const re2::RE2* regex = nullptr;
  std::optional<base::Error> error;
  int groups = 0;
};

// The literals of neighbouring rules. Made when a text to which they apply is first searched.
struct Engine::Part {
  std::uint32_t first = 0;  // rule
  std::uint32_t end = 0;
  std::once_flag once;
  std::vector<std::vector<std::uint32_t>> rules_of_literal;
  std::vector<std::uint32_t> lengths;
  std::vector<std::uint32_t> always;                     // rules that no literal stands for
  std::vector<std::vector<std::uint32_t>> rules_of_run;  // by the length of the run
  std::uint32_t marker = UINT32_MAX;                     // a literal of the first part
  std::unique_ptr<LiteralSet> literals;
};

Engine::Engine(std::vector<SecretRule> rules, const std::vector<std::size_t>& parts)
    : rules_(std::move(rules)), compiled_(std::make_unique<Compiled[]>(rules_.size())) {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].pattern && !rules_[i].rest) path_only_.push_back(i);
  }
  const auto count = static_cast<std::uint32_t>(rules_.size());
  parts_.push_back(std::make_unique<Part>());
  for (const std::size_t begin : parts) {
    parts_.back()->end = static_cast<std::uint32_t>(begin);
    parts_.push_back(std::make_unique<Part>());
    parts_.back()->first = static_cast<std::uint32_t>(begin);
  }
  parts_.back()->end = count;
  prepare_part(*parts_.front());
}

Engine::~Engine() = default;

// The literals that stand for a rule: its keywords, or what its pattern shows.
void Engine::prepare_part(Part& part) const {
  std::call_once(part.once, [&] {
    std::vector<std::string> literals;
    std::unordered_map<std::string, std::uint32_t> index;
    const auto literal_index = [&](const std::string& word) {
      const auto [place, fresh] = index.emplace(base::lower_case(word), static_cast<std::uint32_t>(literals.size()));
      if (fresh) {
        literals.push_back(place->first);
        part.rules_of_literal.emplace_back();
      }
      return place->second;
    };
    for (std::uint32_t i = part.first; i < part.end; ++i) {
      // Without a keyword there is no telling when the rest is needed.
      if (rules_[i].rest && rules_[i].keywords.empty()) (void)complete(i);
      const SecretRule& rule = this->rule(i);
      if (!rule.pattern && !rule.rest) continue;
      std::vector<std::string>& own = compiled_[i].literals;
      if (rule.keywords_in_match) {
        for (const std::string& word : rule.keywords) own.push_back(base::lower_case(word));
      }
      for (const std::uint32_t length : rule.runs) {
        if (part.rules_of_run.size() <= length) part.rules_of_run.resize(length + 1);
        part.rules_of_run[length].push_back(i);
      }
      if (!rule.runs.empty()) continue;
      if (own.empty() && rule.pattern) {
        if (const auto shape = rule.pattern->shape()) own = shape->required(shortest_own_literal);
      }
      const auto& standing = own.empty() ? rule.keywords : own;
      for (const std::string& word : standing) part.rules_of_literal[literal_index(word)].push_back(i);
      if (standing.empty()) part.always.push_back(i);
    }
    if (&part == parts_.front().get()) part.marker = literal_index(std::string(marker));
    for (const std::string& literal : literals) part.lengths.push_back(static_cast<std::uint32_t>(literal.size()));
    part.literals = std::make_unique<LiteralSet>(literals);
  });
}

const SecretRule& Engine::complete(std::uint32_t rule) const {
  if (!rules_[rule].rest) return rules_[rule];
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.read, [&] { compiled.rest = std::make_unique<const SecretRule>(rules_[rule].rest()); });
  return *compiled.rest;
}

const SecretRule& Engine::rule(std::uint32_t index) const {
  const SecretRule* rest = compiled_[index].rest.get();
  return rest == nullptr ? rules_[index] : *rest;
}

// Cheaper than compiling, and enough to turn down most occurrences of keywords in ordinary text.
const Engine::Compiled& Engine::analysed(std::uint32_t rule) const {
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.analysed, [&] {
    const SecretRule& known = this->rule(rule);
    if (!known.runs.empty()) {
      // How far the match reaches beyond the run is not looked at more closely.
      if (const auto shape = known.pattern->shape()) {
        regex::Extent reach = shape->whole();
        reach.min = 0;
        compiled.around = {reach, reach};
      }
    }
    if (!compiled.literals.empty()) compiled.around = this->rule(rule).pattern->around(compiled.literals);
  });
  return compiled;
}

base::Result<void> Engine::compile(std::uint32_t rule) const {
  Compiled& compiled = compiled_[rule];
  std::call_once(compiled.once, [&] {
    auto regex = this->rule(rule).pattern->compiled();
    if (!regex) {
      compiled.error = regex.error();
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
    if (!complete(i).pattern) continue;
    if (auto ready = compile(i); !ready) return ready;
  }
  return {};
}

// Which rules have something to look at, and where.
void Engine::collect(const Piece& piece, Scratch& scratch) const {
  if (scratch.places_.size() < rules_.size()) scratch.places_.resize(rules_.size());
  scratch.touched_.clear();
  scratch.markers.clear();
  for (const auto& one : parts_) {
    if (one != parts_.front() && one->first >= piece.rules) break;
    prepare_part(*one);
    const Part& part = *one;
    scratch.hits_.clear();
    part.literals->find(piece.text, scratch.hits_);
    for (const LiteralHit& hit : scratch.hits_) {
      if (hit.literal == part.marker) scratch.markers.push_back(hit.position);
      for (const std::uint32_t rule : part.rules_of_literal[hit.literal]) {  // in their order
        if (rule >= piece.rules) break;
        if (scratch.places_[rule].empty()) scratch.touched_.push_back(rule);
        scratch.places_[rule].push_back(literal_place(hit.position, part.lengths[hit.literal]));
      }
    }
    if (!part.rules_of_run.empty()) collect_runs(part, piece, scratch);
    for (const std::uint32_t rule : part.always) {
      if (rule < piece.rules) scratch.touched_.push_back(rule);
    }
  }
  std::sort(scratch.markers.begin(), scratch.markers.end());
}

void Engine::collect_runs(const Part& part, const Piece& piece, Scratch& scratch) const {
  const auto note = [&](LiteralPlace place) {
    const std::size_t length = place >> 32U;
    if (length >= part.rules_of_run.size()) return;
    for (const std::uint32_t rule : part.rules_of_run[length]) {
      if (rule >= piece.rules) break;
      if (scratch.places_[rule].empty()) scratch.touched_.push_back(rule);
      scratch.places_[rule].push_back(place);
    }
  };
  if (piece.runs != nullptr) {
    for (const LiteralPlace place : *piece.runs) note(place);
    return;
  }
  for (std::size_t begin = find_long_run(piece.text, 0); begin != std::string_view::npos;) {
    const std::size_t end = end_of_run(piece.text, begin + shortest_run);
    note(literal_place(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)));
    begin = find_long_run(piece.text, end);
  }
}

base::Result<void> Engine::take(const SecretRule& rule, const Match& match, std::string_view judged,
                                std::string_view text, std::string_view path, std::vector<Match>& matches) const {
  if (match.end == match.begin) return {};
  auto counts = is_secret(rule, match, judged, text, path);
  if (!counts) return counts.error();
  if (*counts) matches.push_back(match);
  return {};
}

// The secrets of a match that holds several.
base::Result<void> Engine::take_each(const SecretRule& rule, const Match& outer, std::string_view text,
                                     std::string_view path, std::vector<Match>& matches) const {
  const auto regex = rule.each->compiled();
  if (!regex) return regex.error();
  std::array<re2::StringPiece, 2> groups;
  std::size_t position = outer.match_begin;
  while (position < outer.match_end && (*regex)->Match(piece_of(text), position, outer.match_end, re2::RE2::UNANCHORED,
                                                       groups.data(), static_cast<int>(groups.size()))) {
    Match match = outer;
    const re2::StringPiece secret = groups[1].empty() ? groups[0] : groups[1];
    match.begin = static_cast<std::size_t>(secret.data() - text.data());
    match.end = match.begin + secret.size();
    match.match_begin = static_cast<std::size_t>(groups[0].data() - text.data());
    match.match_end = match.match_begin + groups[0].size();
    const std::string_view judged = text.substr(match.begin, match.end - match.begin);
    if (auto done = take(rule, match, judged, text, path, matches); !done) return done;
    position = std::max(match.end, match.match_begin + 1);
  }
  return {};
}

base::Result<void> Engine::search(std::uint32_t index, const Piece& piece, std::string_view path, Scratch& scratch,
                                  std::vector<Match>& matches) const {
  const SecretRule& rule = this->rule(index);
  const Compiled& compiled = compiled_[index];
  const std::string_view text = piece.text;
  std::array<re2::StringPiece, most_groups> groups;
  std::size_t position = piece.begin;
  if (!scratch.resume.empty()) position = std::max(position, scratch.resume[index]);
  for (const Window& window : scratch.windows_) {
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
      if (rule.name_group && *rule.name_group < static_cast<std::uint32_t>(compiled.groups) &&
          groups[*rule.name_group].data() != nullptr) {
        match.name_begin = static_cast<std::size_t>(groups[*rule.name_group].data() - text.data());
        match.name_end = match.name_begin + groups[*rule.name_group].size();
      }
      const bool judged = rule.judged != 0 && rule.judged < static_cast<std::uint32_t>(compiled.groups) &&
                          groups[rule.judged].data() != nullptr;
      const re2::StringPiece& tried = judged ? groups[rule.judged] : secret;
      auto done = rule.each ? take_each(rule, match, text, path, matches)
                            : take(rule, match, {tried.data(), tried.size()}, text, path, matches);
      if (!done) return done;
      if (rule.each) match.end = match.match_end;
      // What follows the secret in a match, a delimiter for example, may belong to the next.
      position = std::max(match.end, match.match_begin + 1);
      if (!scratch.resume.empty()) scratch.resume[index] = position;
      if (anchored) break;
    }
  }
  return {};
}

base::Result<void> Engine::find_rule(std::uint32_t index, const Piece& piece, std::string_view path, Scratch& scratch,
                                     std::vector<Match>& matches) const {
  const SecretRule& rule = complete(index);
  if (rule.only_paths) {
    const auto regex = rule.only_paths->compiled();
    if (!regex) return regex.error();
    if (!re2::RE2::PartialMatch(piece_of(path), **regex)) return {};
  }
  make_windows(analysed(index).around, piece.text, scratch.places_[index], scratch.windows_);
  std::erase_if(scratch.windows_, [&](const Window& window) {
    return !rule.pattern->may_match(piece.text.substr(window.begin, window.end - window.begin), window.anchored);
  });
  if (scratch.windows_.empty()) return {};
  if (auto done = compile(index); !done) return done;
  return search(index, piece, path, scratch, matches);
}

base::Result<void> Engine::find(const Piece& piece, std::string_view path, Scratch& scratch,
                                std::vector<Match>& matches) const {
  collect(piece, scratch);
  const auto first = static_cast<std::ptrdiff_t>(matches.size());
  base::Result<void> outcome;
  for (const std::uint32_t rule : scratch.touched_) {
    if (outcome) outcome = find_rule(rule, piece, path, scratch, matches);
    scratch.places_[rule].clear();
  }
  std::sort(matches.begin() + first, matches.end(), [](const Match& a, const Match& b) {
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
      if (!by_path) return by_path.error();
      allowed = allowed || *by_path;
    }
    if (!allowed) found.push_back(i);
  }
  return found;
}

}  // namespace launchgate::secrets
