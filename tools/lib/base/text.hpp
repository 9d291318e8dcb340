#pragma once

#include <string>
#include <string_view>

// Texts as ASCII sees them; other bytes are letters of no case and no white space.
namespace launchgate::base {

// Without the white space (blank, \t, \r, \n, \v, \f) at both ends.
std::string_view trim(std::string_view text);
inline bool is_blank(std::string_view text) { return trim(text).empty(); }

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

// Any range of texts, one after another.
template <class Texts>
std::string joined(const Texts& texts, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) out += separator;
    first = false;
    out += text;
  }
  return out;
}

// Of letters and digits as environment variables have them: "api-server" is API_SERVER.
std::string environment_name(std::string_view name);

// Inside elements and double-quoted attributes of XML and HTML: & < > and " as references.
void append_markup(std::string& out, char c);

// RFC 3986, section 2.1: unreserved characters and those of `also_plain` stay, every other byte becomes %XX.
std::string percent_encoded(std::string_view text, std::string_view also_plain = {});
// "%41" -> "A"; a '%' that starts no triplet stays.
std::string percent_decoded(std::string_view text);
bool is_percent_triplet(std::string_view text, std::size_t at);

}  // namespace launchgate::base
