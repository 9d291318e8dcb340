#include "lib/page/page.hpp"

#include "lib/finding/digest.hpp"
#include "lib/page/assets.hpp"
#include "lib/signing/base64.hpp"

namespace launchgate::page {

namespace {

std::string script_digest() {
  const std::string hex = finding::sha256_hex(script);
  const auto digit = [&](std::size_t at) { return hex[at] <= '9' ? hex[at] - '0' : hex[at] - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(digit(i) * 16 + digit(i + 1));
  return signing::to_base64(bytes);
}

std::string tone_class(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "good";
    case Tone::warn:
      return "warn";
    case Tone::bad:
      return "bad";
    case Tone::plain:
      break;
  }
  return "plain";
}

// A tick, an exclamation mark, a cross: the form says what the colour says.
Html sign(Tone tone) {
  Html svg;
  svg.open("svg", {{"class", "sign"}, {"viewBox", "0 0 24 24"}, {"aria-hidden", "true"}});
  switch (tone) {
    case Tone::good:
      svg.empty("path", {{"d", "M4 13l5 5L20 7"}});
      break;
    case Tone::warn:
      svg.empty("path", {{"d", "M12 4v10M12 18v2"}});
      break;
    case Tone::bad:
      svg.empty("path", {{"d", "M5 5l14 14M19 5L5 19"}});
      break;
    case Tone::plain:
      svg.empty("path", {{"d", "M5 12h14"}});
      break;
  }
  svg.close();
  return svg;
}

Html cell(const Cell& cell, bool header, bool number) {
  Html out;
  const std::string css = number ? "n" : "";
  std::string key;
  if (cell.number) {
    key = std::to_string(*cell.number);
  }
  if (header) {
    out.open("th", {{"scope", "row"}});
  } else if (cell.number) {
    out.open("td", {{"class", css}, {"data-k", key}});
  } else if (number) {
    out.open("td", {{"class", css}});
  } else if (cell.text.size() > 40 && cell.text.find(' ') == std::string::npos) {
    out.open("td", {{"class", "code"}});  // a digest: may break anywhere
  } else {
    out.open("td");
  }
  if (cell.picture) {
    out.add(*cell.picture);
  } else if (cell.tone != Tone::plain) {
    out.add(badge(cell.tone, cell.text));
  } else {
    out.text(cell.text);
  }
  out.close();
  return out;
}

}  // namespace

std::string document(const Shell& shell, Html body) {
  Html page;
  page.literal("<!doctype html>");
  page.open("html", {{"lang", "en"}}).open("head").empty("meta", {{"charset", "utf-8"}});
  page.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                      {"content", "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
                                      script_digest() + "'; img-src data:; base-uri 'none'; form-action 'none'"}});
  page.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  if (shell.refresh_seconds > 0)
    page.empty("meta", {{"http-equiv", "refresh"}, {"content", std::to_string(shell.refresh_seconds)}});
  page.empty("link", {{"rel", "icon"}, {"href", "data:,"}});
  page.element("title", shell.title);
  Html whole;
  std::string out = page.take();
  out += "<style>";
  out += styles;
  out += "</style></head><body>";
  whole.open("header").element("span", "Launchgate", {{"class", "mark"}});
  whole.element("span", shell.kind, {{"class", "kind"}}).close();
  whole.open("main").add(std::move(body)).close();
  whole.open("footer").element("p", shell.foot).close();
  out += whole.take();
  out += "<script>";
  out += script;
  out += "</script></body></html>\n";
  return out;
}

Html badge(Tone tone, std::string_view text) {
  Html out;
  out.open("span", {{"class", "badge " + tone_class(tone)}}).add(sign(tone)).element("span", text).close();
  return out;
}

Html banner(const Verdict& verdict) {
  Html out;
  out.open("div", {{"class", "banner " + tone_class(verdict.tone)}});
  out.open("div", {{"class", "word"}}).add(sign(verdict.tone)).element("strong", verdict.word).close();
  out.open("div").element("h1", verdict.heading);
  if (!verdict.sentence.empty()) out.element("p", verdict.sentence);
  out.close().close();
  return out;
}

Html facts(const std::vector<Fact>& facts) {
  Html out;
  out.open("dl", {{"class", "facts"}});
  for (const Fact& fact : facts) {
    out.open("div").element("dt", fact.name);
    out.element("dd", fact.value, {{"class", fact.code ? "code" : ""}}).close();
  }
  out.close();
  return out;
}

Cell text_cell(std::string text, Tone tone) { return {std::move(text), std::nullopt, tone, std::nullopt}; }

Html table(const Table& table) {
  Html out;
  out.open("div", {{"class", table.tools ? "table tools" : "table"},
                   {"role", "region"},
                   {"tabindex", "0"},
                   {"aria-label", table.caption}});
  out.open("table", {{"id", table.id}}).element("caption", table.caption).open("thead").open("tr");
  for (const Column& column : table.columns)
    out.element("th", column.title, {{"scope", "col"}, {"class", column.number ? "n" : ""}});
  out.close().close().open("tbody");
  for (const auto& row : table.rows) {
    out.open("tr");
    for (std::size_t i = 0; i < row.size(); ++i) out.add(cell(row[i], i == 0, table.columns[i].number));
    out.close();
  }
  out.close().close().close();
  return out;
}

Html section(std::string_view id, std::string_view title, Html content) {
  Html out;
  const std::string heading = std::string(id) + "-h";
  out.open("section", {{"id", std::string(id)}, {"aria-labelledby", heading}});
  out.element("h2", title, {{"id", heading}}).add(std::move(content)).close();
  return out;
}

Html side_by_side(std::vector<Html> parts) {
  Html out;
  out.open("div", {{"class", "cols"}});
  for (Html& part : parts) out.open("div").add(std::move(part)).close();
  out.close();
  return out;
}

Html paragraph(std::string_view text) {
  Html out;
  out.element("p", text);
  return out;
}

Html list(const std::vector<std::string>& lines) {
  Html out;
  out.open("ul");
  for (const std::string& line : lines) out.element("li", line);
  out.close();
  return out;
}

}  // namespace launchgate::page
