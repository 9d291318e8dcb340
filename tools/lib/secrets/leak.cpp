#include "lib/secrets/leak.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/mask.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t digest_digits = 32;

}  // namespace

bool ends_with_json(std::string_view path) {
  constexpr std::string_view ending = ".json";
  return path.size() >= ending.size() && std::equal(ending.begin(), ending.end(), path.end() - ending.size(),
                                                    [](char wanted, char c) { return wanted == base::lower(c); });
}

std::string_view short_name(std::string_view rule) {
  const auto slash = rule.rfind('/');
  return slash == std::string_view::npos ? rule : rule.substr(slash + 1);
}

Leak make_leak(const finding::RuleInfo& rule, Encoding encoding, std::string_view value, const LeakPlace& place) {
  Leak leak;
  finding::Finding& finding = leak.finding;
  finding.rule_id = rule.id;
  finding.severity = rule.severity;
  finding.file = place.shown;
  finding.message = rule.summary;
  if (encoding != Encoding::none) finding.message += ", " + std::string(name(encoding));
  const std::size_t length = base::count_code_points(value);
  finding.message += ", " + std::to_string(length) + (length == 1 ? " character" : " characters");
  if (const std::size_t clear = showable(value); clear > 0)
    finding.message += ", \"" + std::string(value.substr(0, clear)) + "…\"";
  finding.help = rule.why.empty() ? rule.help : rule.why + "; " + rule.help;
  finding.help += ends_with_json(place.path)
                      ? "; if it is no secret, allow rule, path and pointer under leaks.allow in launchgate.json"
                      : "; if it is no secret, write " + std::string(Engine::marker) + ' ' +
                            std::string(short_name(rule.id)) + " REASON on or above the line";
  finding.help += "; more: launchgate explain " + rule.id;
  if (!place.salt.empty()) {
    leak.digest = finding::sha256_hex(place.salt + '\0' + rule.id + '\0' + place.path + '\0' + std::string(value))
                      .substr(0, digest_digits);
  }
  return leak;
}

}  // namespace launchgate::secrets
