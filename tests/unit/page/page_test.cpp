#include "lib/page/page.hpp"

#include <cstdlib>
#include <fstream>

#include "lib/page/chart.hpp"
#include "unit/read_file.hpp"

using namespace launchgate::page;

namespace {

const std::string hostile =
    "</script><svg onload=alert(1)>\"'&{}</style>\x1b[2J\xE2\x80\xAE"
    "evil\xC3";

Chart sample_chart() {
  Chart chart;
  chart.id = "c-sample";
  chart.title = "Answers";
  chart.summary = "Most at 0:02.";
  chart.unit = "ms";
  chart.to = 4;
  chart.width = 1;
  chart.wall_ms = 1'800'000'000'000;
  chart.xs = {0.5, 1.5, 2.5, 3.5};
  chart.lines = {{"range", 4, 0, Mark::area, {3, 9, no_value, 4}, {1, 2, no_value, 4}},
                 {"p95", 0, 1, Mark::line, {2, 8, no_value, 4}, {}},
                 {"errors", 1, 0, Mark::bars, {0, 1, no_value, 2}, {0, 0, no_value, 1}}};
  chart.limits = {{"limit 6 ms", 6}};
  chart.moments = {{1.5, "read-p95"}};
  chart.gaps = {{2, 3}};
  return chart;
}

std::string sample_page() {
  Html body;
  body.add(banner({Tone::bad, "NO-GO", "A tier " + hostile, "1 of 2 checks failed."}));
  body.add(section("s", "Facts", facts({{"Commit", "abc", true}, {hostile, hostile, false}})));
  body.add(section("c", "Chart", chart(sample_chart())));
  Cell spark;
  spark.picture = sparkline({1, no_value, 3}, {2, no_value, 5}, "over time");
  body.add(table({"t",
                  "Checks",
                  {{"Check", false}, {"ms", true}, {"Result", false}, {"Over time", false}},
                  {{{hostile, std::nullopt, Tone::plain, std::nullopt},
                    {"1,200", 1200, Tone::plain, std::nullopt},
                    {"fail", std::nullopt, Tone::bad, std::nullopt},
                    spark}},
                  true}));
  body.add(meter({"read-p95", "312 of at most 350 ms", 0.89, Tone::warn}));
  body.add(side_by_side({paragraph("One."), list({"two", hostile})}));
  return document({"A title " + hostile, "Sample", "Written by a test.", 0}, std::move(body));
}

}  // namespace

TEST_CASE("texts and attributes are inert wherever they stand") {
  CHECK(escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(escaped("\x1b[31m\xE2\x80\xAE\n") == "\\u001b[31m\\u202e\\u000a");
  CHECK(escaped("\xC3(") == "\\u00c3(");
  Html html;
  html.open("p", {{"title", "\" onclick=\"x"}}).text("<b>").close();
  CHECK(html.take() == "<p title=\"&quot; onclick=&quot;x\">&lt;b&gt;</p>");
}

TEST_CASE("what was opened is closed") {
  Html inner;
  inner.open("b").text("x");
  Html html;
  html.open("p").add(std::move(inner)).close().close();
  CHECK(html.take() == "<p><b>x</b></p>");
}

TEST_CASE("a page is one file that allows nothing, with everything hostile shown as text") {
  const std::string page = sample_page();
  CHECK(page == sample_page());
  CHECK(page.find("default-src 'none'") == std::string::npos);  // quotes are escaped in attributes
  CHECK(page.find("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-") !=
        std::string::npos);
  CHECK(page.find("<svg onload") == std::string::npos);
  CHECK(page.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(page.find("http:") == page.find("http://www.w3.org/2000/svg"));
  std::size_t scripts = 0;
  for (std::size_t at = page.find("</script"); at != std::string::npos; at = page.find("</script", at + 1)) ++scripts;
  CHECK(scripts == 1);
}

TEST_CASE("a page is what it was") {
  std::string page = sample_page();
  // Styles and script have files of their own.
  for (const auto& [begin, end] : {std::pair("<style>", "</style>"), std::pair("<script>", "</script>")}) {
    const std::size_t from = page.find(begin) + std::string_view(begin).size();
    page.erase(from, page.rfind(end) - from);
  }
  const std::size_t digest = page.find("sha256-") + 7;
  page.erase(digest, page.find("&#39;", digest) - digest);
  const std::string golden = "tests/unit/page/sample.html";
  if (std::getenv("LAUNCHGATE_WRITE_GOLDEN") != nullptr)
    std::ofstream(std::string(LAUNCHGATE_SOURCE_DIR) + "/" + golden) << page;
  CHECK(page == read_file(golden));
}

TEST_CASE("charts say in numbers what they draw") {
  const std::string svg = chart(sample_chart()).take();
  CHECK(svg.find("role=\"img\" aria-label=\"Answers: Most at 0:02.\"") != std::string::npos);
  CHECK(svg.find("data-v=\"1:3 2:9 - 4:4\"") != std::string::npos);
  CHECK(svg.find("data-v=\"0 1 - 1\"") != std::string::npos);
  CHECK(svg.find("limit 6 ms") != std::string::npos);
  CHECK(svg.find("class=\"gap\" d=\"M500 0H750V200H500z\"") != std::string::npos);
}

TEST_CASE("a value between two gaps is to be seen") {
  Chart one = sample_chart();
  one.lines = {{"p95", 0, 0, Mark::line, {no_value, 5, no_value, no_value}, {}}};
  CHECK(chart(one).take().find("d=\"M250 ") != std::string::npos);
}

TEST_CASE("logarithmic values keep small and large ones apart") {
  Chart wide = sample_chart();
  wide.log_values = true;
  wide.limits.clear();
  wide.lines = {{"p95", 0, 0, Mark::line, {0.1, 1, 100, 10'000}, {}}};
  const std::string svg = chart(wide).take();
  CHECK(svg.find(">10,000<") != std::string::npos);
  CHECK(svg.find(">0.1<") != std::string::npos);
}

TEST_CASE("nothing to draw is drawn as nothing") {
  Chart empty = sample_chart();
  for (Line& line : empty.lines) line.values.assign(4, no_value);
  CHECK(chart(empty).take().find("nan") == std::string::npos);
  CHECK(sparkline({}, {}, "x").take().find("nan") == std::string::npos);
}

TEST_CASE("figures have three digits that count") {
  CHECK(figure(0) == "0");
  CHECK(figure(0.0042) == "0.0042");
  CHECK(figure(0.5) == "0.5");
  CHECK(figure(1.234) == "1.23");
  CHECK(figure(99.94) == "99.9");
  CHECK(figure(1234.4) == "1,234");
  CHECK(figure(123456) == "123,456");
  CHECK(figure(1.5e6) == "1.5 M");
  CHECK(clock_time(65) == "1:05");
  CHECK(clock_time(42'015) == "11:40:15");
}
