#pragma once

#include <functional>
#include <string_view>

namespace launchgate::markdown {

// Calls `visible` with each run of an HTML fragment that a browser would show: what stands outside tags, comments, declarations, and the
// elements script, style, template and title. Entities are not decoded. A tag calls it with an empty run, where it may part words.
void visible_html(std::string_view html, const std::function<void(std::string_view run)>& visible);

}  // namespace launchgate::markdown
