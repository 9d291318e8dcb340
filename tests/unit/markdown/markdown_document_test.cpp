#include <catch2/catch.hpp>

#include "lib/base/parallel.hpp"
#include "lib/markdown/markdown_document.hpp"

using namespace launchgate;
using namespace launchgate::markdown;

namespace {

MarkdownDocument parse(std::string text) {
  auto document = MarkdownDocument::parse("doc.md", std::move(text));
  INFO((document.ok() ? std::string() : to_string(document.error())));
  REQUIRE(document.ok());
  return std::move(*document);
}

std::string at(const MarkdownDocument& document, Range source) {
  const base::Span span = document.span_of_source(source);
  return std::to_string(span.begin.line) + ':' + std::to_string(span.begin.column) + '-' +
         std::to_string(span.end.line) + ':' + std::to_string(span.end.column);
}

std::string kind_of(const Node& node) {
  static const char* const names[] = {"front", "quote", "list",  "item", "heading", "paragraph",
                                      "code",  "html",  "table", "row",  "cell",    "rule"};
  return names[static_cast<std::size_t>(node.kind)];
}

// "kind line:column-line:column text" of each node that has text of its own.
std::vector<std::string> leaves(const MarkdownDocument& document) {
  std::vector<std::string> out;
  for (const Node& node : document.nodes()) {
    switch (node.kind) {
      case NodeKind::quote:
      case NodeKind::list:
      case NodeKind::item:
      case NodeKind::table:
      case NodeKind::row:
        break;
      default:
        out.push_back(kind_of(node) + ' ' + at(document, node.source) + ' ' + std::string(document.text_of(node)));
    }
  }
  return out;
}

// Where a phrase of the shown text stands in the source.
std::string place(const MarkdownDocument& document, const std::string& phrase) {
  const std::size_t found = document.text().text().find(phrase);
  REQUIRE(found != std::string::npos);
  const auto begin = static_cast<std::uint32_t>(found);
  return at(document, document.text().source({begin, begin + static_cast<std::uint32_t>(phrase.size())}));
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("blocks know where they stand") {
  const auto document = parse(
      "# Top\n\nOne *two*\nthree.\n\n- item é\n  - [x] done `a b`\n  - [ ] open\n\n> quoted\n> more\n\n```sh\nrun  "
      "it\n\nagain\n```\n\n"
      "| A | B |\n| - | - |\n| x | |\n\n---\n");
  CHECK(leaves(document) == Lines{"heading 1:1-1:6 Top", "paragraph 3:1-4:7 One two three.", "paragraph 6:3-6:9 item é",
                                  "paragraph 7:9-7:18 done a b", "paragraph 8:9-8:13 open",
                                  "paragraph 10:3-11:7 quoted more", "code 13:1-16:6 run it again", "cell 19:2-19:4 A",
                                  "cell 19:6-19:8 B", "cell 21:2-21:4 x", "cell 21:6-21:6 ", "rule 23:1-23:4 "});
  std::vector<std::string> tasks;
  for (const Node& node : document.nodes()) {
    if (node.kind == NodeKind::item && node.task)
      tasks.push_back(at(document, node.source) + (node.checked ? " checked" : " open"));
  }
  CHECK(tasks == Lines{"7:3-7:18 checked", "8:3-8:13 open"});
}

TEST_CASE("the shown text leads back to the source") {
  const auto document = parse(
      "Take **two\nwords** and [a link](http://x.y/z \"t\") or `co de`, &amp; \\* \xC3\xA9t\xC3\xA9 end.\n"
      "> - deep\n>   text `multi\n>   line` after\n>   tail\nlazy end\n");
  CHECK(place(document, "two words") == "1:8-2:6");
  CHECK(place(document, "a link") == "2:14-2:20");
  CHECK(place(document, "co de") == "2:44-2:49");
  CHECK(place(document, "& *") == "2:52-2:60");
  CHECK(place(document, "été end") == "2:61-2:68");
  CHECK(place(document, "deep text") == "3:5-4:9");
  CHECK(place(document, "multi line") == "4:11-5:9");
  CHECK(place(document, "after tail") == "5:11-6:9");
  CHECK(place(document, "lazy end") == "7:1-7:9");
}

TEST_CASE("positions after link definitions, escaped pipes, and in Windows files") {
  const auto definitions = parse("[a]: http://x\n[b]: http://y\nsee [a] and [b]\nhere\n");
  CHECK(leaves(definitions) == Lines{"paragraph 1:1-4:5 see a and b here"});
  CHECK(place(definitions, "see a") == "3:1-3:7");
  CHECK(place(definitions, "here") == "4:1-4:5");
  CHECK(definitions.links().size() == 2);
  const auto table = parse("| a \\| b `c` d |\n|---|\n");
  CHECK(place(table, "d") == "1:14-1:15");
  const auto windows = parse("# One\r\n\r\ntwo\r\nthree\r\n\r\n```\r\ncode\r\n```\r\n");
  CHECK(leaves(windows) == Lines{"heading 1:1-1:6 One", "paragraph 3:1-4:6 two three", "code 6:1-7:5 code"});
}

TEST_CASE("look-alike characters are unified") {
  const auto document = parse("It\u2019s production\u2011ready,\u00A0\u201Cno\u200Bw\u201D.\n");
  CHECK(document.text().text() == "It's production-ready, \"now\".");
  CHECK(place(document, "production-ready") == "1:6-1:22");
}

TEST_CASE("what a reader hardly sees is weak") {
  const auto document = parse(
      "---\ntitle: Launch claim\n---\nshown <!-- a comment --> text ![picture](p.png) and ~~struck~~ end\n\n"
      "<!-- hidden block -->\n\n<div title=\"x\">raw <b>html</b><script>code</script></div>\n");
  const std::string& text = document.text().text();
  CHECK(text == "title: Launch claim\nshown text picture and struck end\nraw html");
  const auto weak = [&](const std::string& phrase) {
    const auto begin = static_cast<std::uint32_t>(text.find(phrase));
    return document.text().is_weak({begin, begin + static_cast<std::uint32_t>(phrase.size())});
  };
  CHECK(weak("Launch claim"));
  CHECK(weak("picture"));
  CHECK(weak("struck"));
  CHECK(weak("html"));
  CHECK(weak("picture and"));
  CHECK_FALSE(weak("shown text"));
  CHECK_FALSE(weak(" end"));
  CHECK(place(document, "html") == "8:23-8:27");
  CHECK(place(document, "Launch claim") == "2:8-2:20");
}

TEST_CASE("front matter keeps the lines and needs its end") {
  CHECK(leaves(parse("---\na: 1\n---\n# H\n")) == Lines{"front 1:1-3:4 a: 1", "heading 4:1-4:4 H"});
  CHECK(leaves(parse("\xEF\xBB\xBF---\na: 1\n...\n# H\n")).size() == 2);
  CHECK(leaves(parse("---\na: 1\n"))[0].substr(0, 4) == "rule");
  CHECK(leaves(parse("text\n\n---\na\n---\n"))[0].substr(0, 9) == "paragraph");
}

TEST_CASE("sections form a tree") {
  const auto document = parse("intro\n\n# A\n\na\n\n## B\n\nb\n\n### C\n\nc\n\n## D\n\nd\n\n# E\n\n> # quoted\n");
  const auto text = [&](std::uint32_t section) {
    return std::string(document.text_of(document.section_text(document.sections()[section])));
  };
  REQUIRE(document.sections().size() == 6);
  CHECK(document.title(document.sections()[1]) == "A");
  CHECK(text(1) == "A\na\nB\nb\nC\nc\nD\nd\n");
  CHECK(text(2) == "B\nb\nC\nc\n");
  CHECK(text(3) == "C\nc\n");
  CHECK(text(5) == "E\nquoted");
  CHECK(document.sections()[3].parent == 2);
  CHECK(document.sections()[4].parent == 1);
  CHECK(document.sections_named("D") == std::vector<std::uint32_t>{4});
  CHECK(document.sections_named("quoted").empty());
  CHECK(document.heading_span(document.sections()[2]) == base::Span{{7, 1}, {7, 5}});
  CHECK(document.heading_span(document.sections()[0]) == base::Span{{1, 1}, {1, 1}});
}

TEST_CASE("links have targets and places") {
  const auto document = parse("[t](a.md#x) ![p](p.png)\n[r]\n\n[r]: b.md\n\n<http://auto.link>\n");
  std::vector<std::string> links;
  for (const Link& link : document.links()) {
    links.push_back(std::string(document.text_of(link.text)) + " -> " + link.target + " " + at(document, link.source) +
                    (link.image ? " image" : ""));
  }
  CHECK(links == Lines{"t -> a.md#x 1:5-1:11", "p -> p.png 1:18-1:23 image", "r -> b.md 2:1-2:3",
                       "http://auto.link -> http://auto.link 6:1-6:18"});
}

TEST_CASE("ill-formed text is refused with its place") {
  const auto document = MarkdownDocument::parse("doc.md", "one\ntw\xFFo\n");
  REQUIRE_FALSE(document.ok());
  CHECK(document.error().category == base::ErrorCategory::content);
  CHECK(document.error().position == base::Position{2, 3});
  CHECK_FALSE(MarkdownDocument::parse("doc.md", "12345", {4, 1'000}).ok());
  CHECK(parse("").nodes().empty());
  CHECK(parse("a\rb\rc").source().line_count() == 1);
  CHECK(parse(std::string("nul \0 byte", 10)).text().text() == "nul \uFFFD byte");
}

TEST_CASE("a long document is read in stretches, with the same result") {
  std::string text;
  std::string code = "```\n";
  for (int i = 0; i < 40'000; ++i) code += "# not a heading\n\ncode\n";
  code += "```\n\n";
  for (int i = 0; i < 9'000; ++i) {
    const std::string n = std::to_string(i);
    text += "## Section " + n + "\n\nText with [a reference][ref] and *emphasis* number " + n +
            ".\n\n- field: value\n- other " + n + "\n\n";
    if (i == 3'000) text += code;
    if (i == 6'000) text += "<!-- a comment\n\n# Hidden\n\n" + std::string(300'000, 'x') + "\n\nHidden\n-->\n\n";
  }
  text += "[ref]: target.md\n\n";
  for (int i = 0; i < 60'000; ++i) text += "- item " + std::to_string(i) + "\n";
  const auto document = parse(text);
  CHECK(document.sections().size() == 9'001);
  CHECK(document.links().size() == 9'000);
  const auto code_blocks = std::count_if(document.nodes().begin(), document.nodes().end(),
                                         [](const Node& n) { return n.kind == NodeKind::code; });
  CHECK(code_blocks == 1);
  CHECK(document.text().text().find("Hidden") == std::string::npos);
  // The long list is one list.
  const auto lists = std::count_if(document.nodes().begin(), document.nodes().end(),
                                   [](const Node& n) { return n.kind == NodeKind::list; });
  CHECK(lists == 9'001);
  // Every section stands where its heading does.
  for (std::uint32_t i = 1; i < document.sections().size(); i += 500) {
    const base::Span span = document.heading_span(document.sections()[i]);
    CHECK(document.source().line(span.begin.line) == "## " + std::string(document.title(document.sections()[i])));
  }
  CHECK(place(document, "item 59999").substr(0, 1) != "0");
}

// tests/bench/bench_wording.py measures how soon.
TEST_CASE("hostile nesting and width are read, or refused before they stall the parser") {
  const auto read = [](const std::string& text) { return MarkdownDocument::parse("doc.md", text).ok(); };
  const auto times = [](int n, const std::string& part) {
    std::string text;
    for (int i = 0; i < n; ++i) text += part;
    return text;
  };
  CHECK(read(std::string(50'000, '>') + " a\n"));
  CHECK(read(times(50'000, "> ") + "a\n"));
  CHECK(read(times(50'000, "- ") + "a\n"));
  CHECK(read("|a|b|c|d|e|f|g|h|i|j|\n|-|-|-|-|-|-|-|-|-|-|\n" + times(10'000, "|1|2|3|4|5|6|7|8|9|0|\n")));
  CHECK(read(std::string(50'000, '[') + "a" + std::string(50'000, ']')));
  CHECK(read(times(50'000, "*a_ ")));
  CHECK(read(times(50'000, "[a](b")));
  CHECK(read(times(30'000, "[a]: b\n") + times(30'000, "[a]")));
  // What would stall the parser is refused.
  CHECK_FALSE(read(times(50'000, "a <!A ")));
  CHECK_FALSE(read(times(50'000, "a <?")));
  CHECK_FALSE(read(times(50'000, "![[]()")));
  CHECK_FALSE(read(times(50'000, "|a") + "|\n" + times(50'000, "|-") + "|\n"));
  CHECK_FALSE(read(times(3'000, "|a") + "|\n" + times(3'000, "|-") + "|\n" + times(3'000, "|x|\n")));
  CHECK_FALSE(read(times(5'000, "- ") + "a\n" + times(20'000, "\n") + "x"));
}

TEST_CASE("documents parsed side by side are read as alone") {
  std::string text = "# Title\n\n";
  for (int i = 0; i < 300; ++i)
    text += "shown ~~struck " + std::to_string(i) + "~~ end with `code` and [a link](x.md)\n\n";
  const std::vector<std::string> alone = leaves(parse(text));
  std::vector<std::vector<std::string>> together(64);
  base::TaskQueue queue;
  for (std::size_t index = 0; index < together.size(); ++index) {
    queue.add([&, index] {
      // Of several sizes, so that some end while others are under way.
      auto document = MarkdownDocument::parse("doc.md", index % 2 == 0 ? text : "~~short~~\n");
      if (document.ok()) together[index] = leaves(*document);
    });
  }
  queue.run();
  for (std::size_t i = 0; i < together.size(); i += 2) CHECK(together[i] == alone);
}
