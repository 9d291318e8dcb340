#include "lib/schema/uri.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"

namespace launchgate::schema {
namespace {

// RFC 3986, section 5.2.4, on whole segments.
std::string remove_dot_segments(std::string_view path) {
  const bool absolute = !path.empty() && path[0] == '/';
  std::string out;
  std::size_t at = absolute ? 1 : 0;
  if (absolute) out = "/";
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    const bool last = end == path.size();
    if (segment == "..") {
      if (out.size() > 1) {
        const std::size_t slash = out.rfind('/', out.size() - 2);
        out.resize(slash == std::string::npos ? 0 : slash + 1);
      }
    } else if (segment != ".") {
      out += segment;
      if (!last) out += '/';
    }
    at = end + 1;
  }
  return out;
}

std::string merge(const Uri& base, const std::string& path) {
  if (base.has_authority && base.path.empty()) return "/" + path;
  const std::size_t slash = base.path.rfind('/');
  return slash == std::string::npos ? path : base.path.substr(0, slash + 1) + path;
}

}  // namespace

Uri split_uri(std::string_view text) {
  Uri uri;
  const std::size_t hash = text.find('#');
  if (hash != std::string_view::npos) {
    uri.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  const std::size_t question = text.find('?');
  if (question != std::string_view::npos) {
    uri.query = text.substr(question + 1);
    uri.has_query = true;
    text = text.substr(0, question);
  }
  const std::size_t colon = text.find_first_of(":/");
  if (colon != std::string_view::npos && colon > 0 && text[colon] == ':' && base::is_letter(text[0])) {
    const auto scheme = text.substr(0, colon);
    const bool valid = std::all_of(scheme.begin(), scheme.end(),
                                   [](char c) { return base::is_alnum(c) || c == '+' || c == '-' || c == '.'; });
    if (valid) {
      uri.scheme = scheme;
      text = text.substr(colon + 1);
    }
  }
  if (text.substr(0, 2) == "//") {
    const std::size_t end = std::min(text.find('/', 2), text.size());
    uri.authority = text.substr(2, end - 2);
    uri.has_authority = true;
    text = text.substr(end);
  }
  uri.path = text;
  return uri;
}

std::string to_string(const Uri& uri) {
  std::string text;
  if (!uri.scheme.empty()) text += uri.scheme + ":";
  if (uri.has_authority) text += "//" + uri.authority;
  text += uri.path;
  if (uri.has_query) text += "?" + uri.query;
  if (!uri.fragment.empty()) text += "#" + uri.fragment;
  return text;
}

Uri resolve_uri(const Uri& base, const Uri& reference) {
  if (!reference.scheme.empty()) {
    Uri target = reference;
    // The path of "urn:…" and the like has no hierarchy to tidy.
    if (reference.has_authority || reference.path.substr(0, 1) == "/")
      target.path = remove_dot_segments(reference.path);
    return target;
  }
  Uri target = reference;
  target.scheme = base.scheme;
  if (reference.has_authority) {
    target.path = remove_dot_segments(reference.path);
    return target;
  }
  target.authority = base.authority;
  target.has_authority = base.has_authority;
  if (reference.path.empty()) {
    target.path = base.path;
    if (!reference.has_query) {
      target.query = base.query;
      target.has_query = base.has_query;
    }
  } else if (reference.path[0] == '/') {
    target.path = remove_dot_segments(reference.path);
  } else {
    target.path = remove_dot_segments(merge(base, reference.path));
  }
  return target;
}

}  // namespace launchgate::schema
