#include "lib/secrets/redactor.hpp"

#include <algorithm>

#include "lib/secrets/decode.hpp"

namespace launchgate::secrets {

Redactor::Redactor(std::shared_ptr<const Rulebook> book) : book_(std::move(book)) {}

// Sorted and disjoint.
std::vector<std::pair<std::size_t, std::size_t>> Redactor::places(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  std::vector<Match> matches;
  if (!book_->engine().find({text}, "", scratch_, matches)) return {{0, text.size()}};
  for (const Match& match : matches) all.emplace_back(match.begin, match.end);
  std::vector<EncodedRun> runs;
  find_encoded(text, 0, text.size(), runs);
  std::string decoded;
  for (const EncodedRun& run : runs) {
    decode(text, run, decoded);
    matches.clear();
    if (!book_->engine().find({decoded}, "", scratch_, matches)) return {{0, text.size()}};
    if (!matches.empty()) all.emplace_back(run.begin, run.end);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::pair<std::size_t, std::size_t>> united;
  for (const auto& place : all) {
    if (!united.empty() && place.first < united.back().second) {
      united.back().second = std::max(united.back().second, place.second);
    } else {
      united.push_back(place);
    }
  }
  return united;
}

std::string Redactor::redact(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const auto& [begin, end] : places(text)) {
    out += text.substr(at, begin - at);
    out += replacement;
    at = end;
  }
  out += text.substr(at);
  return out;
}

bool Redactor::holds_private_value(std::string_view text) { return !places(text).empty(); }

}  // namespace launchgate::secrets
