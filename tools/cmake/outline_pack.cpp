// outline_pack IN OUT: notes where the parts of a rule pack stand in its text, in the form that
// tools/lib/rules/outline.hpp describes. Runs at build time, on files that a unit test parses; for a JSON file that is
// no pack it writes nothing.

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace {

struct Place {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

// Steps over the values of well-formed JSON without white space between tokens other than line breaks.
class Walker {
 public:
  explicit Walker(const std::string& text) : text_(text) {}

  // Calls `member(name, value)`, both places with quotes; steps over the object at `at`.
  std::size_t object(std::size_t at, const std::function<void(Place, Place)>& member) const {
    return container(at, true, member);
  }
  std::size_t array(std::size_t at, const std::function<void(Place)>& element) const {
    return container(at, false, [&](Place, Place value) { element(value); });
  }
  std::string text(Place place) const { return text_.substr(place.begin, place.length); }

 private:
  std::size_t container(std::size_t at, bool named, const std::function<void(Place, Place)>& found) const {
    at = blank(at + 1);
    while (text_.at(at) != '}' && text_.at(at) != ']') {
      Place name;
      if (named) {
        name = value(at);
        at = blank(blank(name.begin + name.length) + 1);
      }
      const Place here = value(at);
      found(name, here);
      at = blank(here.begin + here.length);
      if (text_.at(at) == ',') at = blank(at + 1);
    }
    return at + 1;
  }

  std::size_t blank(std::size_t at) const {
    while (text_.at(at) == '\n') ++at;
    return at;
  }

  Place value(std::size_t at) const {
    std::size_t end = at;
    if (text_.at(at) == '"') {
      for (++end; text_.at(end) != '"'; ++end) end += text_.at(end) == '\\' ? 1 : 0;
      ++end;
    } else if (text_.at(at) == '{' || text_.at(at) == '[') {
      end = container(at, text_.at(at) == '{', [](Place, Place) {});
    } else {
      while (std::string(",]}\n").find(text_.at(end)) == std::string::npos) ++end;
    }
    return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end - at)};
  }

  const std::string& text_;
};

Place inside(Place quoted) { return {quoted.begin + 1, quoted.length - 2}; }

struct RulePlaces {
  Place whole, id, kind, severity, message, help, why, wrong, right;
  std::vector<Place> keywords;
};

Place first_example(const Walker& walker, const std::string& text, Place list) {
  Place first;
  walker.array(list.begin, [&](Place example) {
    if (first.length > 0) return;
    if (text[example.begin] == '"') {
      first = inside(example);
    } else {
      walker.object(example.begin, [&](Place name, Place value) {
        if (walker.text(name) == "\"document\"") first = value;
      });
    }
  });
  return first;
}

RulePlaces places_of(const Walker& walker, const std::string& text, Place rule) {
  RulePlaces places;
  places.whole = rule;
  walker.object(rule.begin, [&](Place name, Place value) {
    const std::string key = walker.text(inside(name));
    if (key == "id") places.id = inside(value);
    if (key == "kind") places.kind = inside(value);
    if (key == "severity") places.severity = inside(value);
    if (key == "message") places.message = inside(value);
    if (key == "help") places.help = inside(value);
    if (key == "why") places.why = inside(value);
    if (key == "keywords") walker.array(value.begin, [&](Place word) { places.keywords.push_back(inside(word)); });
    if (key != "examples") return;
    walker.object(value.begin, [&](Place side, Place list) {
      (walker.text(side) == "\"match\"" ? places.wrong : places.right) = first_example(walker, text, list);
    });
  });
  return places;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  try {
    const Walker walker(text);
    Place name, placeholders, published;
    std::vector<RulePlaces> rules;
    walker.object(0, [&](Place key, Place value) {
      const std::string member = walker.text(inside(key));
      if (member == "pack") name = inside(value);
      if (member == "placeholders") placeholders = value;
      if (member == "published") published = value;
      if (member == "rules" && text[value.begin] == '[')
        walker.array(value.begin, [&](Place rule) { rules.push_back(places_of(walker, text, rule)); });
    });
    const auto number = [&](std::size_t value) {
      for (std::size_t i = 0; i < 4; ++i) file.put(static_cast<char>(value >> (8 * i) & 0xffU));
    };
    const auto place = [&](Place one) {
      number(one.begin);
      number(one.length);
    };
    if (name.length > 0) {
      std::size_t keywords = 0;
      for (const RulePlaces& rule : rules) keywords += rule.keywords.size();
      file << "LGO1";
      number(text.size());
      place(name);
      place(placeholders);
      place(published);
      number(rules.size());
      number(keywords);
      std::size_t first = 0;
      for (const RulePlaces& rule : rules) {
        for (const Place& one :
             {rule.whole, rule.id, rule.kind, rule.severity, rule.message, rule.help, rule.why, rule.wrong, rule.right})
          place(one);
        number(first);
        number(rule.keywords.size());
        first += rule.keywords.size();
      }
      for (const RulePlaces& rule : rules) {
        for (const Place& word : rule.keywords) place(word);
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: not JSON: %s\n", argv[1], error.what());
    return 1;
  }
  file.close();
  return in && file ? 0 : 1;
}
