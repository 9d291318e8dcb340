#include "lib/prose/search.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <functional>

#include "lib/base/ascii.hpp"
#include "lib/markdown/outline.hpp"

namespace launchgate::prose {

using markdown::MarkdownDocument;
using markdown::Node;
using markdown::NodeKind;
using markdown::Range;
using rules::Scope;

namespace {

using base::is_word;

std::uint32_t narrow(std::size_t value) { return static_cast<std::uint32_t>(value); }

// For each node, whether it is inside a list item.
std::vector<bool> inside_items(const MarkdownDocument& document) {
  const auto& nodes = document.nodes();
  std::vector<bool> inside(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::uint32_t parent = nodes[i].parent;
    inside[i] = parent != markdown::no_node && (nodes[parent].kind == NodeKind::item || inside[parent]);
  }
  return inside;
}

bool in_scope(NodeKind kind, Scope scope, bool inside_item) {
  switch (scope) {
    case Scope::heading:
      return kind == NodeKind::heading;
    case Scope::paragraph:
      return kind == NodeKind::paragraph;
    case Scope::code:
      return kind == NodeKind::code;
    case Scope::table_cell:
      return kind == NodeKind::cell;
    case Scope::list_item:
      return inside_item && (kind == NodeKind::paragraph || kind == NodeKind::code || kind == NodeKind::heading);
    default:
      return false;
  }
}

// Calls `find` with each stretch of text of the scope, the offset of its first byte, and what turns a range into an
// match.
using Find =
    std::function<void(std::string_view text, const std::function<void(std::size_t begin, std::size_t end)>& found)>;

std::vector<Match> search(const MarkdownDocument& document, Scope scope, const std::vector<std::uint32_t>& sections,
                          const Find& find) {
  std::vector<Match> out;
  const auto& map = document.text();
  if (scope == Scope::raw) {
    const std::string_view text = document.source().text();
    find(text, [&](std::size_t begin, std::size_t end) {
      out.push_back({{narrow(begin), narrow(end)}, {}, std::string(text.substr(begin, end - begin)), false});
    });
    return out;
  }
  for (const std::uint32_t section : sections) {
    if (scope == Scope::link) {
      const std::uint32_t from = markdown::first_node(document, section);
      for (const markdown::Link& link : document.links()) {
        if (link.node < from || link.node >= document.sections()[section].end) continue;
        const bool verbatim = document.source().text().substr(link.source.begin, link.source.size()) == link.target;
        find(link.target, [&](std::size_t begin, std::size_t end) {
          const Range part =
              verbatim ? Range{link.source.begin + narrow(begin), link.source.begin + narrow(end)} : link.source;
          out.push_back({part, {}, link.target.substr(begin, end - begin), false});
        });
      }
      continue;
    }
    for (const Range& range : scope_ranges(document, scope, section)) {
      const std::string_view text = document.text_of(range);
      find(text, [&](std::size_t begin, std::size_t end) {
        const Range where{range.begin + narrow(begin), range.begin + narrow(end)};
        out.push_back({map.source(where), where, std::string(text.substr(begin, end - begin)), map.is_weak(where)});
      });
    }
  }
  return out;
}

}  // namespace

std::vector<std::uint32_t> sections_for(const MarkdownDocument& document, const std::string& title) {
  if (title.empty()) return {0};
  return document.sections_named(title);
}

std::vector<Range> scope_ranges(const MarkdownDocument& document, Scope scope, std::uint32_t section) {
  if (scope == Scope::text) return {document.section_text(document.sections()[section])};
  std::vector<Range> ranges;
  const std::uint32_t end = document.sections()[section].end;
  const std::vector<bool> items =
      scope == Scope::list_item ? inside_items(document) : std::vector<bool>(document.nodes().size());
  for (std::uint32_t i = markdown::first_node(document, section); i < end; ++i) {
    const Node& node = document.nodes()[i];
    if (in_scope(node.kind, scope, items[i]) && !node.text.empty()) ranges.push_back(node.text);
  }
  if (scope == Scope::code) {
    const Range text = document.section_text(document.sections()[section]);
    for (const Range& span : document.code_spans()) {
      if (span.begin >= text.begin && span.end <= text.end) ranges.push_back(span);
    }
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  }
  return ranges;
}

bool is_whole(std::string_view text, std::size_t at, std::size_t size) {
  if (size == 0) return false;
  const std::size_t end = at + size;
  if (is_word(text[at]) && at > 0 && (is_word(text[at - 1]) || text[at - 1] == '-')) return false;
  if (!is_word(text[end - 1]) || end >= text.size()) return true;
  if (is_word(text[end])) return false;
  const bool joins = text[end] == ':' || text[end] == '-';
  return !(joins && end + 1 < text.size() && is_word(text[end + 1]));
}

std::size_t find_words(std::string_view text, std::string_view words, std::size_t from) {
  if (words.empty()) return std::string_view::npos;
  for (std::size_t at = text.find(words, from); at != std::string_view::npos; at = text.find(words, at + 1)) {
    if (is_whole(text, at, words.size())) return at;
  }
  return std::string_view::npos;
}

// `visit(text, begin, size, found)` says of each match whether it is found, and returns where to look on.
template <class Visit>
base::Result<std::vector<Match>> search_pattern(const MarkdownDocument& document, const rules::Pattern& pattern,
                                                Scope scope, const std::vector<std::uint32_t>& sections,
                                                const Visit& visit) {
  const auto regex = pattern.compiled();
  if (!regex) return regex.error();
  return search(document, scope, sections, [&](std::string_view text, const auto& found) {
    re2::StringPiece match;
    std::size_t from = 0;
    while (from <= text.size() &&
           (*regex)->Match({text.data(), text.size()}, from, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
      from = visit(text, static_cast<std::size_t>(match.data() - text.data()), match.size(), found);
    }
  });
}

base::Result<std::vector<Match>> find_phrase(const MarkdownDocument& document, const rules::Wanted::Phrase& phrase,
                                             Scope scope, const std::vector<std::uint32_t>& sections) {
  if (phrase.plain && scope != Scope::raw) {
    return search(document, scope, sections, [&](std::string_view text, const auto& found) {
      for (std::size_t at = find_words(text, phrase.text); at != std::string_view::npos;
           at = find_words(text, phrase.text, at + 1)) {
        found(at, at + phrase.text.size());
      }
    });
  }
  return search_pattern(document, phrase.pattern, scope, sections,
                        [](std::string_view text, std::size_t at, std::size_t size, const auto& found) {
                          if (is_whole(text, at, size)) found(at, at + size);
                          return at + 1;
                        });
}

base::Result<std::vector<Match>> find_pattern(const MarkdownDocument& document, const rules::Pattern& pattern,
                                              Scope scope, const std::vector<std::uint32_t>& sections) {
  return search_pattern(document, pattern, scope, sections,
                        [&](std::string_view text, std::size_t at, std::size_t size, const auto& found) {
                          if (size == 0) return at + 1;
                          // Blocks are apart: a match does not reach from one into the next.
                          const bool crosses =
                              scope != Scope::raw && text.substr(at, size).find('\n') != std::string_view::npos;
                          if (!crosses) found(at, at + size);
                          return crosses ? at + 1 : at + size;
                        });
}

base::Result<bool> applies(const MarkdownDocument& document, const std::optional<rules::Pattern>& when) {
  if (!when) return true;
  const auto regex = when->compiled();
  if (!regex) return regex.error();
  const std::string& text = document.text().text();
  return re2::RE2::PartialMatch({text.data(), text.size()}, **regex);
}

}  // namespace launchgate::prose
