#pragma once

#include <string>
#include <string_view>

// What people wrote into commits.
namespace launchgate::leaks {

// Of a commit or a tag as git stores it: author, committer or tagger, and the message, each in its line; what git and
// signatures wrote is an empty line.
std::string written_text(std::string_view object);

// Of the file in which a message is written: without comments, and up to the line below which git shows what changes.
// Lines keep their numbers.
std::string message_text(std::string_view file);

}  // namespace launchgate::leaks
