#include "lib/prose/keyword_lines.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "lib/prose/claim_text.hpp"

using namespace launchgate;
using namespace launchgate::prose;

namespace {

using Lines = std::vector<std::string>;

std::vector<Lines> found(const std::vector<std::vector<std::string>>& lists, std::string_view text) {
  std::vector<const std::vector<std::string>*> pointers;
  for (const auto& list : lists) pointers.push_back(&list);
  std::vector<Lines> out;
  for (const auto& ranges : lines_with(pointers, text)) {
    Lines lines;
    for (const auto& range : ranges) lines.emplace_back(text.substr(range.begin, range.size()));
    out.push_back(std::move(lines));
  }
  return out;
}

}  // namespace

TEST_CASE("keywords: lines of each list, whatever the case") {
  const std::string text = "one Apple\ntwo\nPEAR and apple\n\napp";
  CHECK(found({{"apple"}, {"pear", "two"}, {"app"}, {"plum"}}, text) ==
        std::vector<Lines>{
            {"one Apple", "PEAR and apple"}, {"two", "PEAR and apple"}, {"one Apple", "PEAR and apple", "app"}, {}});
  CHECK(found({{}, {"x"}}, text) == std::vector<Lines>{{text}, {text}});
  CHECK(found({{"apple"}}, "") == std::vector<Lines>{{}});
  CHECK(found({{"apple"}}, "appl") == std::vector<Lines>{{}});
}

TEST_CASE("keywords: the same lines as a search for each") {
  std::mt19937 random(7);
  const auto letters = [&](std::size_t size, int kinds) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i)
      out += static_cast<char>("abcd\nAB -\xC3"[random() % static_cast<unsigned>(kinds)]);
    return out;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<std::string>> lists(3);
    for (auto& list : lists) {
      for (int i = 0; i < 4; ++i) list.push_back(letters(2 + random() % 3, 4));
    }
    const std::string text = letters(random() % 80, 10);
    std::vector<Lines> expected(lists.size());
    for (std::size_t list = 0; list < lists.size(); ++list) {
      for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = folded(text.substr(at, end - at));
        for (const std::string& word : lists[list]) {
          if (line.find(word) == std::string::npos) continue;
          expected[list].push_back(text.substr(at, end - at));
          break;
        }
        at = end + 1;
      }
    }
    INFO(text);
    CHECK(found(lists, text) == expected);
  }
}
