#include "lib/prose/links.hpp"

#include <algorithm>
#include <vector>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/markdown/outline.hpp"
#include "lib/prose/report.hpp"

namespace launchgate::prose {
namespace {

bool has_scheme(std::string_view target) {
  if (target.substr(0, 2) == "//") return true;
  const std::size_t colon = target.find(':');
  return colon != std::string_view::npos && target.find_first_of("/?#") > colon;
}

// `path` seen from the folder of `from`; none when it climbs out of the root.
std::optional<std::string> from_folder(std::string_view from, std::string_view path) {
  std::vector<std::string> parts;
  const auto walk = [&](std::string_view text) {
    std::size_t at = 0;
    while (at <= text.size()) {
      const std::size_t end = std::min(text.find('/', at), text.size());
      const std::string_view part = text.substr(at, end - at);
      if (part == "..") {
        if (parts.empty()) return false;
        parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.emplace_back(part);
      }
      at = end + 1;
    }
    return true;
  };
  if (!path.empty() && path[0] != '/') {
    const std::size_t slash = from.rfind('/');
    if (!walk(slash == std::string_view::npos ? std::string_view() : from.substr(0, slash))) return std::nullopt;
  }
  if (!walk(path)) return std::nullopt;
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "/") + part;
  return out;
}

std::optional<BrokenLink> missing_heading(const markdown::MarkdownDocument& document, const std::string& anchor,
                                          const std::string& where) {
  if (anchor.empty()) return std::nullopt;
  const std::vector<std::string> known = markdown::anchors(document);
  if (std::find(known.begin(), known.end(), anchor) != known.end()) return std::nullopt;
  if (document.source().text().find("id=\"" + anchor + '"') != std::string_view::npos) return std::nullopt;
  if (document.source().text().find("{#" + anchor + '}') != std::string_view::npos) return std::nullopt;
  return BrokenLink{where + " has no heading for " + quoted('#' + anchor), base::did_you_mean(anchor, known)};
}

}  // namespace

std::optional<BrokenLink> broken_link(const Subject& subject, const std::string& target) {
  if (has_scheme(target)) return std::nullopt;
  const std::size_t hash = std::min(target.find('#'), target.size());
  const std::string anchor =
      hash < target.size() ? base::percent_decoded(std::string_view(target).substr(hash + 1)) : std::string();
  const std::string path = base::percent_decoded(target.substr(0, std::min(hash, target.find('?'))));
  // The operating system would end the name there.
  if (path.find('\0') != std::string::npos) return BrokenLink{"there is no file " + quoted(path), ""};
  if (path.empty()) return missing_heading(subject.document, anchor, "this document");
  if (subject.repository == nullptr) return std::nullopt;
  const auto full = from_folder(subject.document.path(), path);
  if (!full) return BrokenLink{quoted(path) + " leads out of the repository", ""};
  switch (subject.repository->state(*full)) {
    case rules::PathState::file:
      break;
    case rules::PathState::folder:
      return anchor.empty() ? std::nullopt : std::optional(BrokenLink{quoted(*full) + " is a folder", ""});
    case rules::PathState::outside:
      return BrokenLink{quoted(*full) + " leads out of the repository", ""};
    case rules::PathState::missing:
    case rules::PathState::other:
      return BrokenLink{"there is no file " + quoted(*full),
                        base::did_you_mean(*full, subject.repository->candidates(*full))};
  }
  const bool is_markdown = full->size() > 3 && full->compare(full->size() - 3, 3, ".md") == 0;
  if (anchor.empty() || !is_markdown || !subject.read) return std::nullopt;
  const markdown::MarkdownDocument* other = subject.read(*full);
  return other == nullptr ? std::nullopt : missing_heading(*other, anchor, quoted(*full));
}

}  // namespace launchgate::prose
