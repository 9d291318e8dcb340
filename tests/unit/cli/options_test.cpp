#include <catch2/catch.hpp>

#include <map>

#include "lib/cli/options.hpp"

using namespace launchgate;
using namespace launchgate::cli;

namespace {

struct Settings {
  bool strict = false;
  std::string color = "auto";
  std::optional<std::string> root;
  std::vector<std::string> formats;
  std::optional<std::int64_t> count;
  std::optional<double> rate;
  std::vector<std::string> files;
  std::vector<std::string> digests;

  OptionSet options() {
    OptionSet set;
    set.flag("--strict", strict, "Strict.").environment = {"X_STRICT"};
    set.choice("--color", {"auto", "always", "never"}, color, "Colours.");
    set.text("--root", "DIR", root, "Root.").environment = {"X_ROOT", "Y_ROOT"};
    set.list("--format", "FORMAT", formats, "Format.");
    set.integer("--count", "N", count, 1, "Count.");
    set.rate("--rate", "R", rate, "Rate.").environment = {"X_RATE"};
    set.list("--digest", "NAME=DIGEST", digests, "Digest.").spelled_by_name = true;
    set.positionals("FILE", files, "Files.");
    return set;
  }
};

std::string run(Settings& settings, const std::vector<std::string>& words,
                const std::map<std::string, std::string>& variables = {}) {
  const auto set = settings.options();
  const auto result = parse(set, words, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  return result ? "" : to_string(result.error());
}

}  // namespace

TEST_CASE("options, positionals and bare dashes") {
  Settings s;
  CHECK(run(s, {"--", "a.json", "--strict", "--format", "json", "--", "--format=text", "--root", "r", "b.json",
                "--count", "3", "--rate=0.5"}) == "");
  CHECK(s.strict);
  CHECK(s.root == "r");
  CHECK(s.formats == std::vector<std::string>{"json", "text"});
  CHECK(s.files == std::vector<std::string>{"a.json", "b.json"});
  CHECK(s.count == 3);
  CHECK(s.rate == 0.5);
}

TEST_CASE("an option of named values is also spelled by the name") {
  Settings s;
  CHECK(run(s, {"--cloud-digest", "a=b", "--gateway-digest=c", "--digest", "web=d", "--x-y-digest", "--", "e",
                "f.json"}) == "");
  CHECK(s.digests == std::vector<std::string>{"cloud=a=b", "gateway=c", "web=d", "x-y=e"});
  CHECK(s.files == std::vector<std::string>{"f.json"});
  CHECK_FALSE(run(s, {"--cloud-digest"}).empty());
  CHECK_FALSE(run(s, {"---digest", "x"}).empty());
  CHECK_FALSE(run(s, {"--clouddigest", "x"}).empty());
}

TEST_CASE("a flag wins over the environment, and only true is true there") {
  Settings s;
  CHECK(run(s, {"--root", "flag"}, {{"X_ROOT", "one"}, {"X_STRICT", "1"}}) == "");
  CHECK(s.root == "flag");
  CHECK_FALSE(s.strict);
  Settings t;
  CHECK(run(t, {}, {{"Y_ROOT", "two"}, {"X_STRICT", "true"}}) == "");
  CHECK(t.root == "two");
  CHECK(t.strict);
  Settings u;
  CHECK(run(u, {}, {{"X_ROOT", "one"}, {"Y_ROOT", "two"}}) == "");
  CHECK(u.root == "one");
}

TEST_CASE("wrong use is explained") {
  Settings s;
  CHECK(run(s, {"--formt", "json"}) == "unknown option \"--formt\"; did you mean \"--format\"?");
  CHECK(run(s, {"--color", "alway"}) ==
        "--color: \"alway\" is none of \"auto\", \"always\" or \"never\"; did you mean \"always\"?");
  CHECK(run(s, {"--count", "0"}) == "--count \"0\": must be a whole number of at least 1");
  CHECK(run(s, {"--rate", "inf"}) == "--rate \"inf\": must be a number above 0");
  CHECK(run(s, {}, {{"X_RATE", "0"}}) == "X_RATE \"0\": must be a number above 0");
  CHECK(run(s, {"--root", "a", "--root", "b"}) == "--root is given 2 times");
  CHECK(run(s, {"--root"}) != "");
}

TEST_CASE("a wrapped command keeps its own dashes and options") {
  bool strict = false;
  std::string item;
  std::vector<std::string> command;
  OptionSet set;
  set.flag("--strict", strict, "");
  set.text("--item", "ID", item, "");
  set.command_after_dashes(command);
  const auto none = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  REQUIRE(parse(set, {"--", "--item", "x", "--", "cmd", "--strict", "--", "y"}, none).ok());
  CHECK(item == "x");
  CHECK_FALSE(strict);
  CHECK(command == std::vector<std::string>{"cmd", "--strict", "--", "y"});
}

TEST_CASE("behind dashes that follow a word, names of files may look like options") {
  bool strict = false;
  std::vector<std::string> files;
  OptionSet set;
  set.flag("--strict", strict, "");
  set.positionals("FILE", files, "");
  set.command_after_dashes(files);
  const auto none = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  REQUIRE(parse(set, {"--", "--strict", "--", "--help", "-", "a.txt", "--"}, none).ok());
  CHECK(strict);
  CHECK(files == std::vector<std::string>{"--help", "./-", "a.txt", "--"});
}

TEST_CASE("help lists every option with its variables") {
  Settings s;
  const std::string text = help_text("tool [OPTION…]", "Does it.", s.options());
  CHECK(text.find("  --color auto|always|never   Colours.") != std::string::npos);
  CHECK(text.find("[env: X_ROOT, Y_ROOT]") != std::string::npos);
  CHECK(text.find("(repeatable)") != std::string::npos);
}

TEST_CASE("options that others depend on are read first, whatever else there is") {
  std::optional<std::string> catalogue;
  std::vector<std::string> formats;
  bool typed = false;
  OptionSet set;
  set.text("--catalogue", "FILE", catalogue, "Catalogue.").first = true;
  Option& list = set.list("--format", "FORMAT", formats, "Format.");
  list.given = &typed;
  list.environment = {"X_FORMAT"};
  const auto nothing = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  const std::vector<std::string> words = {"--unknown", "x", "--catalogue=a.json", "--format", "json", "b"};
  REQUIRE(parse_first(set, words, nothing));
  CHECK(catalogue == "a.json");
  CHECK(formats.empty());
  CHECK_FALSE(parse(set, words, nothing));
  CHECK(to_string(parse_first(set, {"--catalogue"}, nothing).error()).find("--catalogue") != std::string::npos);

  SECTION("the command line is told from the environment") {
    typed = false;
    REQUIRE(parse(set, {}, [](const std::string&) { return std::optional<std::string>("text"); }));
    CHECK(formats == std::vector<std::string>{"text"});
    CHECK_FALSE(typed);
    REQUIRE(parse(set, {"--format", "json"}, nothing));
    CHECK(typed);
  }
}
