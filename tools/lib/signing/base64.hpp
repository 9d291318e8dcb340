#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace launchgate::signing {

// RFC 4648 section 4, with padding.
std::string to_base64(std::string_view bytes);
// Strict: no white space, exact padding, unused bits zero; so one text only stands for some bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace launchgate::signing
