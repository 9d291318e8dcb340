#include "load/core/redact.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::load {

namespace {

constexpr std::string_view removed = "[redacted]";

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + removed.size())) {
      text.replace(at, secret.size(), removed);
    }
  }
  return text;
}

bool ends_url(char c) {
  // Brackets do not end one: an IPv6 address has them, and a password may.
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

std::string without_url_credentials(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) break;
    std::size_t start = colon;
    while (start > 0 && base::is_alnum(text[start - 1])) --start;
    std::size_t end = colon + 3;
    while (end < text.size() && !ends_url(text[end])) ++end;
    out.append(text.substr(0, start));
    out += scrubbed_url(text.substr(start, end - start));
    text.remove_prefix(end);
  }
  out.append(text);
  return out;
}

std::string without_bearer(std::string text) {
  std::string lower = base::lower_case(text);
  std::size_t from = 0;
  for (std::size_t at = lower.find("bearer ", from); at != std::string::npos; at = lower.find("bearer ", from)) {
    const std::size_t begin = at + 7;
    std::size_t end = begin;
    while (end < text.size() && !ends_url(text[end]) && text[end] != ',' && text[end] != ';') ++end;
    from = begin + 1;
    if (end - begin < 8) continue;
    text.replace(begin, end - begin, removed);
    lower.replace(begin, end - begin, removed);
    if (from > lower.size()) break;
  }
  return text;
}

}  // namespace

std::string scrubbed_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t colon = url.find("://");
  // Of what lacks its scheme, whatever precedes an "@" may be a password.
  if (colon == std::string_view::npos) return std::string(url.substr(url.rfind('@') + 1));
  const std::string scheme(url.substr(0, colon + 3));
  url.remove_prefix(scheme.size());
  std::string_view authority = url.substr(0, url.find('/'));
  const std::string_view path = url.substr(authority.size());
  authority = authority.substr(authority.rfind('@') + 1);
  // What stands where a port belongs and is none is a password that holds a "/", "?" or "#", cut in two.
  const std::size_t port =
      authority.find(':', authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0);
  if (port != std::string_view::npos && authority.find_first_not_of("0123456789", port + 1) != std::string_view::npos)
    return scheme + std::string(removed);
  return scheme + std::string(authority) + std::string(path);
}

Redactor make_redactor(std::vector<std::string> secrets, Redactor packs) {
  std::vector<std::string> forms;
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    forms.push_back(secret);
    forms.push_back(base::percent_encoded(secret));
    const std::string quoted = document::json_quoted(secret);
    forms.push_back(quoted.substr(1, quoted.size() - 2));
  }
  // A longer form first, so that a secret inside another leaves no tail of it.
  std::sort(forms.begin(), forms.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  // A server that fails says the same thousands of times a second.
  constexpr std::size_t most_remembered = 256;
  constexpr std::size_t longest_remembered = 1024;
  auto memory = std::make_shared<std::unordered_map<std::string, std::string>>();
  const auto redact = [forms, packs](std::string_view text) {
    // Bounded before the work; what is cut here could not be shown anyway.
    std::string out(base::utf8_prefix(text, 64UL * 1024));
    out = without_secrets(std::move(out), forms);
    out = without_url_credentials(out);
    out = without_bearer(std::move(out));
    if (packs) out = packs(out);
    out = base::printable(out);
    if (base::count_code_points(out) > redacted_length) {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i + 1 < redacted_length && bytes < out.size(); ++i) {
        bytes += base::utf8_sequence_length(static_cast<unsigned char>(out[bytes]));
      }
      out.resize(std::min(bytes, out.size()));
      out += "…";
    }
    return out;
  };
  return [redact, memory](std::string_view text) {
    if (text.size() > longest_remembered) return redact(text);
    const std::string key(text);
    if (const auto found = memory->find(key); found != memory->end()) return found->second;
    if (memory->size() >= most_remembered) memory->clear();
    return memory->emplace(key, redact(text)).first->second;
  };
}

}  // namespace launchgate::load
