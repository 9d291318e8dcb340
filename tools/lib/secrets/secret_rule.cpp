#include "lib/secrets/secret_rule.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/rules/randomness.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t line_context = 4096;
constexpr std::size_t window_context = 64UL * 1024;

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

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

bool in_name(char c) { return base::is_alnum(c) || c == '_' || c == '-' || c == '.'; }

// Where the name begins that goes on at `end`.
std::size_t name_start(std::string_view text, std::size_t end) {
  constexpr std::size_t longest = 80;
  std::size_t begin = end;
  while (begin > 0 && end - begin < longest && in_name(text[begin - 1])) --begin;
  return begin;
}

// Asks the name that the rule captures, or the one in which the match begins: up to the secret, with what stands before
// the match, and the word before it.
bool name_says_secret(const SecretRule& rule, const Match& match, std::string_view text) {
  if (rule.name_group) return rule.names.say_secret(text.substr(match.name_begin, match.name_end - match.name_begin));
  const std::size_t begin = name_start(text, match.match_begin);
  std::size_t end = match.match_begin;
  while (end < match.begin && in_name(text[end])) ++end;
  std::string_view before;
  if (begin > 1 && text[begin - 1] == ' ' && in_name(text[begin - 2])) {
    const std::size_t start = name_start(text, begin - 1);
    before = text.substr(start, begin - 1 - start);
  }
  return rule.names.say_secret(text.substr(begin, end - begin), before);
}

base::Result<bool> applies(const Allowance& allowance, const Match& match, std::string_view secret,
                           std::string_view text, std::string_view path) {
  bool some = false;
  bool every = true;
  std::optional<base::Error> error;
  const auto note = [&](bool given, base::Result<bool> result) {
    if (!given) return;
    if (!result) {
      error = result.error();
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
  one.judged = secret.judged;
  one.each = secret.each;
  one.runs = secret.runs;
  one.keywords = secret.keywords;
  one.min_entropy = secret.min_entropy;
  one.randomness = secret.randomness;
  one.names = secret.names;
  one.name_group = secret.name_group;
  Allowance allowance;
  allowance.paths = secret.allow_paths;
  allowance.values = secret.allow_values;
  allowance.lines = secret.allow_lines;
  allowance.matches = secret.allow_matches;
  one.allow.push_back(std::move(allowance));
  one.needs = secret.needs;
  one.needs_window = secret.needs_window;
  one.harmless = std::move(harmless);
  return one;
}

}  // namespace

base::Result<bool> matches_any(const std::vector<rules::Pattern>& patterns, std::string_view text) {
  for (const rules::Pattern& pattern : patterns) {
    auto regex = pattern.compiled();
    if (!regex) return regex.error();
    if (re2::RE2::PartialMatch(piece_of(text), **regex)) return true;
  }
  return false;
}

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
  std::vector<SecretRule> list = lazy_secret_rules(pack);
  for (SecretRule& rule : list) rule = rule.rest();
  return list;
}

std::vector<SecretRule> lazy_secret_rules(const rules::Pack& pack) {
  std::vector<SecretRule> list;
  list.reserve(pack.size());
  for (std::size_t i = 0; i < pack.size(); ++i) {
    if (pack.kind(i) != "secret") continue;
    SecretRule one;
    one.info.id = pack.id(i);
    one.keywords = pack.keywords(i);
    one.rest = [pack, i] {
      const rules::Rule& rule = pack.rule(i);
      return secret_rule(rule.info, std::get<rules::Secret>(rule.body), pack.harmless());
    };
    list.push_back(std::move(one));
  }
  return list;
}

base::Result<bool> is_secret(const SecretRule& rule, const Match& match, std::string_view judged, std::string_view text,
                             std::string_view path) {
  if (rule.min_entropy > 0) {
    const double entropy = shannon_entropy(judged);
    if (rule.entropy_above ? entropy <= rule.min_entropy : entropy < rule.min_entropy) return false;
  }
  if (rule.randomness && rules::randomness(judged) <= *rule.randomness) return false;
  if (!rule.names.empty() && !name_says_secret(rule, match, text)) return false;
  if (rule.harmless) {
    auto harmless = rule.harmless->covers(judged);
    if (!harmless || *harmless) return harmless ? base::Result<bool>(false) : std::move(harmless);
  }
  for (const Allowance& allowance : rule.allow) {
    auto allowed = applies(allowance, match, judged, text, path);
    if (!allowed || *allowed) return allowed ? base::Result<bool>(false) : std::move(allowed);
  }
  if (rule.needs) {
    auto regex = rule.needs->compiled();
    if (!regex) return regex.error();
    const std::string_view around =
        lines_around(text, match.match_begin, match.match_end, rule.needs_window, window_context);
    if (!re2::RE2::PartialMatch(piece_of(around), **regex)) return false;
  }
  return true;
}

}  // namespace launchgate::secrets
