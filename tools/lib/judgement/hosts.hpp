#pragma once

#include <string>
#include <string_view>

namespace launchgate::judgement {

// The host of an address "scheme://…" in lower case, without user, port, brackets and the last dot; empty when it has
// none.
std::string host_of(std::string_view url);

}  // namespace launchgate::judgement
