#include "lib/secrets/redactor.hpp"

#include <vector>

#include "lib/secrets/mask.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::secrets {

std::string Redactor::redact(std::string_view text) {
  const auto converted = utf16_as_utf8(text);
  const std::string_view readable = converted ? *converted : text;
  const auto spans = finder_.find({readable}, "");
  if (!spans) return std::string(replacement);
  if (spans->empty()) return std::string(text);
  std::vector<Hidden> hidden;
  for (const PrivateSpan& span : *spans) hidden.push_back({span.begin, span.end, 0});
  std::string out;
  std::size_t at = 0;
  for (const Hidden& one : united(std::move(hidden))) {
    out += readable.substr(at, one.begin - at);
    out += replacement;
    at = one.end;
  }
  out += readable.substr(at);
  return out;
}

}  // namespace launchgate::secrets
