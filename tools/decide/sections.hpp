#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::decide {

// The lines below a heading up to the next heading of its rank or above, as a reader sees them: fenced code, HTML comments and the heading
// itself are left out. None without that heading.
std::optional<std::vector<std::string>> section_lines(std::string_view markdown, std::string_view heading);

// What a section still lacks: list fields without a value ("- name:"), placeholders, or everything.
std::vector<std::string> unfilled(const std::vector<std::string>& lines);

}  // namespace launchgate::decide
