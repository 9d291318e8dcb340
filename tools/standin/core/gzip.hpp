#pragma once

#include <string>
#include <string_view>

namespace launchgate::standin {

// RFC 1952.
std::string gzip(std::string_view text);

}  // namespace launchgate::standin
