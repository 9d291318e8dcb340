#include "unit/prose/prose_helpers.hpp"

using namespace launchgate;
using namespace launchgate::prose;

TEST_CASE("require: what counts as standing in the text") {
  const std::string rule = R"("kind": "require", "phrases": ["run the gate"])";
  for (const char* text :
       {"Please run the gate.\n", "Please *run* the\ngate.\n", "> run   the\n> gate\n", "| run the gate |\n|---|\n",
        "```\nrun the gate\n```\n", "- run `the gate`\n", "# run the gate\n", "[run the gate](x.md)\n",
        "run\u00A0the gate\n", "run the &#103;ate\n"}) {
    INFO(text);
    CHECK(found(rule, text).empty());
  }
  for (const char* text :
       {"<!-- run the gate -->\n", "Run the gate.\n", "run\n\nthe gate\n", "rerun the gate\n", "run the gates\n",
        "run the gate-keeper\n", "[x](run%20the%20gate)\n", "[x](<run the gate>)\n", "~~run the gate~~\n",
        "![run the gate](x.png)\n", "<p>run the gate</p>\n", "---\ntitle: run the gate\n---\n",
        "| run | the gate |\n|---|---|\n", "text <b title=\"run the gate\">x</b>\n",
        "[r]: http://x 'run the gate'\n"}) {
    INFO(text);
    CHECK_FALSE(found(rule, text).empty());
  }
}

TEST_CASE("require: scopes") {
  const std::string text =
      "---\ntitle: front\n---\n# Heading one\n\nParagraph one `inline one`.\n\n- Item one\n\n| Cell one |\n|---|\n\n   "
      " Code one\n\n[text](target-one.md)\n\n<!-- Raw one -->\n";
  const auto holds = [&](const std::string& scope, const std::string& phrase) {
    return found(R"("kind": "require", "phrases": [")" + phrase + R"("], "scope": ")" + scope + '"', text).empty();
  };
  CHECK(holds("heading", "Heading one"));
  CHECK_FALSE(holds("heading", "Paragraph one"));
  CHECK(holds("paragraph", "Paragraph one"));
  CHECK_FALSE(holds("paragraph", "Code one"));
  CHECK_FALSE(holds("paragraph", "Heading one"));
  CHECK(holds("code", "Code one"));
  CHECK(holds("code", "inline one"));
  CHECK_FALSE(holds("code", "Paragraph one"));
  CHECK(holds("table-cell", "Cell one"));
  CHECK_FALSE(holds("table-cell", "Item one"));
  CHECK(holds("list-item", "Item one"));
  CHECK_FALSE(holds("list-item", "Paragraph one"));
  CHECK(holds("link", "target-one.md"));
  CHECK_FALSE(holds("link", "text"));
  CHECK(holds("raw", "Raw one"));
  CHECK(holds("raw", "title: front"));
  CHECK(holds("text", "Code one"));
  CHECK_FALSE(holds("text", "Raw one"));
}

TEST_CASE("require: messages name the place, the text to add, and where it stands in vain") {
  const std::string in_section = R"("kind": "require", "phrases": ["load gate"], "section": "Plan")";
  CHECK(found(in_section, "# Top\n\n## Plan\n\nnothing\n\n## Other\n\nload gate\n") ==
        "3:1 section \"Plan\" does not say \"load gate\" | at line 9 it stands in another section; add below:  load "
        "gate\n");
  CHECK(found(in_section, "# Top\n\n## Plann\n\nload gate\n") ==
        "1:1 there is no section \"Plan\" | did you mean \"Plann\"? add the heading:  ## Plan\n");
  CHECK(found(in_section, "## Plan\n\n### Below\n\nload gate\n").empty());
  CHECK(found(in_section, "## Plan\n\nx\n\n## Plan\n\nload gate\n").empty());

  const std::string anywhere = R"("kind": "require", "phrases": ["load gate"])";
  CHECK(found(anywhere, "Load Gate\n") ==
        "1:1 the document does not say \"load gate\" | at line 1 it stands in another case: \"Load Gate\"; add below:  "
        "load gate\n");
  CHECK(found(anywhere, "\n<!-- load gate -->\n") ==
        "1:1 the document does not say \"load gate\" | at line 2 it stands in a comment or in markup, which a reader "
        "does not see; add below:  load gate\n");
  CHECK(found(anywhere, "x\n\n![load gate](p.png)\n").find("at line 3 it stands in HTML, a picture's text") !=
        std::string::npos);
  const std::string code = R"("kind": "require", "phrases": ["load gate"], "scope": "code", "section": "Plan")";
  CHECK(found(code, "## Plan\n\nload gate\n").substr(0, 54) ==
        "1:1 section \"Plan\": no code says \"load gate\" | at line");
  const std::string item = R"("kind": "require", "phrases": ["load gate"], "scope": "list-item")";
  CHECK(found(item, "load gate\n") ==
        "1:1 no list item says \"load gate\" | at line 1 it does not stand in a list item; add below, as a list item:  "
        "- load gate\n");
}

TEST_CASE("require: any, count, when, patterns, case") {
  const std::string any = R"("kind": "require", "any": ["alpha", "beta"])";
  CHECK(found(any, "beta\n").empty());
  CHECK(found(any, "gamma\n") == "1:1 the document does not say any of \"alpha\" and \"beta\" | add below:  alpha\n");
  const std::string twice = R"("kind": "require", "phrases": ["alpha"], "count": {"min": 2, "max": 2})";
  CHECK(found(twice, "alpha alpha\n").empty());
  CHECK(found(twice, "alpha\n").find("does not say \"alpha\" (1 of 2 times)") != std::string::npos);
  CHECK(found(twice, "alpha\n\nalpha and\n*alpha*\n") ==
        "4:2 \"alpha\" stands here 3 times, at most 2 may | remove this one\n");
  const std::string none = R"("kind": "require", "phrases": ["alpha"], "count": {"min": 0, "max": 0})";
  CHECK(found(none, "beta\n").empty());
  CHECK_FALSE(found(none, "alpha\n").empty());
  const std::string when = R"("kind": "require", "phrases": ["owner"], "when": "(?i)hosted")";
  CHECK(found(when, "nothing\n").empty());
  CHECK(found(when, "<!-- hosted -->\n").empty());
  CHECK_FALSE(found(when, "Hosted tier\n").empty());
  CHECK(found(when, "Hosted tier, owner: us\n").empty());
  const std::string pattern = R"x("kind": "require", "pattern": "v[0-9]+\\.[0-9]+", "section": "Plan")x";
  CHECK(found(pattern, "## Plan\n\nat v1.2\n").empty());
  CHECK(found(pattern, "## Plan\n\nat v1\n") == "1:1 section \"Plan\": the message | \n");
  // A pattern does not reach from one block into the next.
  const std::string across = R"x("kind": "require", "pattern": "alpha\\s+beta")x";
  CHECK(found(across, "alpha\nbeta\n").empty());
  CHECK_FALSE(found(across, "alpha\n\nbeta\n").empty());
  const std::string folded = R"("kind": "require", "phrases": ["load gate"], "ignoreCase": true)";
  CHECK(found(folded, "Load\nGATE\n").empty());
  CHECK_FALSE(found(folded, "overload gate\n").empty());
}

TEST_CASE("whole words: a longer command does not satisfy a shorter one") {
  const std::string rule = R"("kind": "require", "phrases": ["deploy:load"])";
  for (const char* text : {"deploy:load:strict\n", "deploy:load-all\n", "predeploy:load\n", "re-deploy:load\n",
                           "deploy:loads\n", "deploy:load_x\n"}) {
    INFO(text);
    CHECK_FALSE(found(rule, text).empty());
  }
  for (const char* text :
       {"deploy:load\n", "(deploy:load)\n", "deploy:load:\n", "deploy:load.\n", "\"deploy:load\"\n", "a/deploy:load\n",
        "deploy:load - x\n", "deploy:load:strict, deploy:load\n", "deploy:load\u2014yes\n"}) {
    INFO(text);
    CHECK(found(rule, text).empty());
  }
}
