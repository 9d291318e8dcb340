#include "launchgate/openapi.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::suite_tool {
namespace {

using document::JsonValue;

constexpr std::array<std::string_view, 7> methods = {"get", "put", "post", "delete", "options", "head", "patch"};

bool is_method(std::string_view word) { return std::find(methods.begin(), methods.end(), word) != methods.end(); }

bool is_web(std::string_view url) { return url.starts_with("http://") || url.starts_with("https://"); }

OpenApi read_json(const JsonValue& root) {
  OpenApi api;
  if (const auto servers = root.find("servers")) {
    for (const JsonValue server : servers->elements()) {
      if (api.server.empty() && is_web(server.string_member("url"))) api.server = server.string_member("url");
    }
  }
  const auto paths = root.find("paths");
  if (!paths) return api;
  for (const JsonValue::Member path : paths->members()) {
    for (const JsonValue::Member operation : path.value.members()) {
      if (is_method(operation.name()))
        api.routes.push_back({base::upper_case(operation.name()), std::string(path.name()),
                              std::string(operation.value.string_member("summary"))});
    }
  }
  return api;
}

struct Line {
  std::size_t indent;
  std::string key;
  std::string value;
};

std::string unquoted(std::string_view text) {
  std::string_view inner = base::trim(text);
  if (inner.size() >= 2 && (inner.front() == '"' || inner.front() == '\'') && inner.front() == inner.back())
    inner = inner.substr(1, inner.size() - 2);
  return std::string(inner);
}

// "  - url: x" is a line of the key `url`. None: a blank line, a remark, no key.
std::optional<Line> read_line(std::string_view line) {
  std::size_t indent = line.find_first_not_of(' ');
  if (indent == std::string_view::npos || line[indent] == '#') return std::nullopt;
  if (line.substr(indent).starts_with("- ")) indent += 2;
  std::size_t colon = line.find(": ", indent);
  if (colon == std::string_view::npos && base::trim(line).ends_with(':')) colon = line.rfind(':');
  if (colon == std::string_view::npos || colon < indent) return std::nullopt;
  return Line{indent, unquoted(line.substr(indent, colon - indent)), unquoted(line.substr(colon + 1))};
}

OpenApi read_yaml(std::string_view text) {
  OpenApi api;
  std::string section;
  std::string path;
  std::size_t of_path = 0;
  std::size_t of_method = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    const auto line = read_line(raw);
    if (!line) continue;
    if (line->indent == 0) {
      section = line->key;
    } else if (section == "servers" && line->key == "url" && api.server.empty() && is_web(line->value)) {
      api.server = line->value;
    } else if (section == "paths" && line->key.starts_with('/')) {
      path = line->key;
      of_path = line->indent;
    } else if (section == "paths" && !path.empty() && line->indent > of_path && is_method(line->key) &&
               (line->value.empty() || line->value.starts_with('{'))) {
      api.routes.push_back({base::upper_case(line->key), path, ""});
      of_method = line->indent;
    } else if (section == "paths" && line->key == "summary" && !api.routes.empty() && line->indent > of_method &&
               api.routes.back().title.empty()) {
      api.routes.back().title = line->value;
    }
  }
  return api;
}

}  // namespace

OpenApi read_openapi(const std::string& path, const std::string& text) {
  if (const auto document = document::JsonDocument::parse_keeping_duplicates(path, text))
    return read_json(document->root());
  return read_yaml(text);
}

}  // namespace launchgate::suite_tool
