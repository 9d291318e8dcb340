#pragma once

#include <string>
#include <vector>

namespace launchgate::suite_tool {

// `launchgate X …` becomes `launchgate-X …` when an executable of that name lies beside this one: it replaces this
// process, so that signals, terminal and exit code are its own. Returns when there is none.
void become_sibling(int argc, char** argv);

// The words X for which that would happen, in byte order.
std::vector<std::string> sibling_words();

// The path of launchgate-X beside this executable.
std::string sibling_path(const std::string& word);

}  // namespace launchgate::suite_tool
