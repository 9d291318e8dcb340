#include "lib/markdown/markdown_document.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"
#include "lib/markdown/arena.hpp"
#include "lib/markdown/builder.hpp"
#include "lib/markdown/work.hpp"

namespace launchgate::markdown {
namespace {

using base::lower;

// Trees of about this much text at a time stay in the processor's cache and bound the memory.
constexpr std::size_t stretch_bytes = 32 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The tree lives in the current arena. One thread at a time: while cmark-gfm parses, the special characters of a
// parser's extensions stand in tables that all parsers share, and are taken out again when the first of them is done.
cmark_node* read(std::string_view definitions, std::string_view text) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
  cmark_parser* const parser = cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, Arena::allocator());
  for (const char* name : {"table", "tasklist", "strikethrough"})
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
  if (!definitions.empty()) {
    cmark_parser_feed(parser, definitions.data(), definitions.size());
    cmark_parser_feed(parser, "\n", 1);
  }
  cmark_parser_feed(parser, text.data(), text.size());
  return cmark_parser_finish(parser);
}

// The block of metadata between lines `---` (or `+++`) at the start of the text.
std::size_t front_matter_end(std::string_view text, std::size_t begin) {
  const auto line_at = [&](std::size_t at) {
    std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
  };
  const std::string_view fence = line_at(begin);
  if (fence != "---" && fence != "+++") return begin;
  std::size_t at = begin;
  while (true) {
    at = text.find('\n', at);
    if (at == std::string_view::npos || at + 1 >= text.size()) return begin;
    ++at;
    const std::string_view line = line_at(at);
    if (line == fence || (fence == "---" && line == "...")) return std::min(text.find('\n', at), text.size());
  }
}

// Whether an HTML block has met its end (CommonMark 0.29, section 4.6).
bool html_is_closed(std::string_view literal, bool blank_follows) {
  std::string html(literal);
  std::transform(html.begin(), html.end(), html.begin(), lower);
  html.erase(0, std::min(html.find_first_not_of(' '), html.size()));
  const auto starts = [&](std::string_view word) { return html.compare(0, word.size(), word) == 0; };
  const auto holds = [&](std::string_view word) { return html.find(word) != std::string::npos; };
  if (starts("<!--")) return holds("-->");
  if (starts("<?")) return holds("?>");
  if (starts("<![cdata[")) return holds("]]>");
  if (starts("<!")) return holds(">");
  if (starts("<script") || starts("<pre") || starts("<style"))
    return holds("</script>") || holds("</pre>") || holds("</style>");
  return blank_follows;
}

// Whether the last line that is not blank closes a fence of `length` characters.
bool fence_is_closed(std::string_view text, char fence, std::size_t length) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return false;
  const std::size_t start = text.rfind('\n', last);
  std::string_view line = text.substr(start == std::string_view::npos ? 0 : start + 1);
  line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent > 3) return false;
  line.remove_prefix(indent);
  return line.size() >= length && line.find_first_not_of(fence) == std::string_view::npos;
}

// Whether a stretch of text ends with every top-level block closed, so that what follows can be read on its own.
bool is_whole(cmark_node* tree, std::string_view text) {
  cmark_node* const last = cmark_node_last_child(tree);
  if (last == nullptr) return true;
  if (cmark_node_get_type(last) == CMARK_NODE_HTML_BLOCK) {
    const std::size_t word = text.find_last_not_of(" \t\r\n");
    const std::string_view rest = word == std::string_view::npos ? text : text.substr(word + 1);
    return html_is_closed(cmark_node_get_literal(last), std::count(rest.begin(), rest.end(), '\n') > 1);
  }
  if (cmark_node_get_type(last) != CMARK_NODE_CODE_BLOCK) return true;
  int length = 0;
  int offset = 0;
  char fence = 0;
  if (cmark_node_get_fenced(last, &length, &offset, &fence) == 0) return true;
  const bool one_line = cmark_node_get_start_line(last) == cmark_node_get_end_line(last);
  return !one_line && fence_is_closed(text, fence, static_cast<std::size_t>(length));
}

base::Error content_error(const base::SourceText& source, std::size_t offset, std::string message, std::string help) {
  return {base::ErrorCategory::content, source.path(), source.position(offset), std::move(message), std::move(help)};
}

// The parser takes a carriage return alone for a line end, which the rest of the world does not.
std::string without_lone_returns(std::string_view text) {
  std::string copy(text);
  for (std::size_t at = copy.find('\r'); at != std::string::npos; at = copy.find('\r', at + 1)) {
    if (at + 1 >= copy.size() || copy[at + 1] != '\n') copy[at] = ' ';
  }
  return copy;
}

bool has_lone_return(std::string_view text) {
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 >= text.size() || text[at + 1] != '\n') return true;
  }
  return false;
}

// Reads a text stretch by stretch, each into the same memory.
void build(Builder& builder, const base::SourceText& source, std::string_view text, std::size_t begin,
           const Survey& survey) {
  const std::size_t least = std::max(stretch_bytes, survey.definitions.size() * 8);
  const auto next_cut = [&](std::size_t from, std::size_t bytes) {
    const auto cut = std::lower_bound(survey.cuts.begin(), survey.cuts.end(), from + bytes);
    return cut == survey.cuts.end() ? text.size() : *cut;
  };
  const bool alone = next_cut(begin, least) == text.size();
  const std::string_view definitions = alone ? std::string_view() : std::string_view(survey.definitions);
  const std::uint32_t first_tree_line = definitions.empty() ? 1 : survey.definition_lines + 2;
  Arena arena;
  const Arena::Use use(arena);
  std::size_t at = begin;
  while (at < text.size()) {
    std::size_t end = next_cut(at, least);
    cmark_node* tree = read(definitions, text.substr(at, end - at));
    while (end < text.size() && !is_whole(tree, text.substr(at, end - at))) {
      end = next_cut(at, 2 * (end - at));
      arena.reset();
      tree = read(definitions, text.substr(at, end - at));
    }
    builder.add(tree, source.position(at).line, first_tree_line, at != begin);
    arena.reset();
    at = end;
  }
}

}  // namespace

base::Result<MarkdownDocument> MarkdownDocument::parse(std::shared_ptr<const base::SourceText> source,
                                                       const MarkdownLimits& limits) {
  std::string_view whole = source->text();
  if (whole.size() > limits.bytes) {
    return content_error(*source, 0, "larger than " + std::to_string(limits.bytes) + " bytes",
                         "check a smaller part of it");
  }
  if (const std::size_t bad = base::find_invalid_utf8(whole); bad != std::string_view::npos) {
    return content_error(*source, bad, "not UTF-8", "save the file as UTF-8");
  }
  std::string copy;
  if (has_lone_return(whole)) {
    copy = without_lone_returns(whole);
    whole = copy;
  }
  const std::size_t start = whole.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0;
  const std::size_t begin = front_matter_end(whole, start);
  const Survey found = survey(whole, begin, limits.work);
  if (found.work > limits.work) {
    return content_error(*source, found.heaviest, "reading this text would take too long or too much memory",
                         "nest less, end HTML comments, or make tables narrower and paragraphs shorter");
  }
  Builder builder(source);
  if (begin > start) builder.add_front_matter({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(begin)});
  build(builder, *source, whole, begin, found);
  return builder.finish();
}

std::string_view MarkdownDocument::title(const Section& section) const {
  return section.heading == no_node ? std::string_view() : text_of(nodes_[section.heading]);
}

Range MarkdownDocument::section_text(const Section& section) const {
  Range range{0, text_.size()};
  if (section.heading != no_node) range.begin = nodes_[section.heading].text.begin;
  if (section.end < nodes_.size()) range.end = nodes_[section.end].text.begin;
  range.end = std::max(range.begin, range.end);
  return range;
}

base::Span MarkdownDocument::heading_span(const Section& section) const {
  if (section.heading == no_node) return {{1, 1}, {1, 1}};
  const base::Position begin = source_->position(nodes_[section.heading].source.begin);
  const std::string_view line = source_->line(begin.line);
  const std::string_view shown = line.substr(0, line.find_last_not_of(" \t") + 1);
  const std::size_t end = source_->line_start(begin.line) + shown.size();
  return {begin, source_->position(end)};
}

std::vector<std::uint32_t> MarkdownDocument::sections_named(std::string_view wanted) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 1; i < sections_.size(); ++i) {
    if (title(sections_[i]) == wanted) found.push_back(i);
  }
  return found;
}

}  // namespace launchgate::markdown
