#pragma once

#include <string>
#include <string_view>

// Lexical operations on paths with forward slashes; none of them looks at a disk.
namespace launchgate::io {

std::string join(std::string_view folder, std::string_view path);  // an absolute `path` wins
std::string parent(std::string_view path);                         // "" for a bare name, "/" for "/x"
std::string_view file_name(std::string_view path);
// Without ".", "//" and resolvable "..".
std::string normalize(std::string_view path);
// `path` relative to `folder` when it lies inside (both absolute and normalised), else `path` unchanged.
std::string relative_to(std::string_view folder, std::string_view path);
bool is_inside(std::string_view folder, std::string_view path);

}  // namespace launchgate::io
