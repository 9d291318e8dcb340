#pragma once

#include <string_view>

namespace launchgate::page {

// page.css and page.js; the build makes texts of them.
extern const std::string_view styles;
extern const std::string_view script;

}  // namespace launchgate::page
