#pragma once

namespace launchgate::suite_tool {

// `launchgate X …` becomes `launchgate-X …` when an executable of that name lies beside this one: it replaces this process, so that signals,
// terminal and exit code are its own. Returns when there is none.
void become_sibling(int argc, char** argv);

}  // namespace launchgate::suite_tool
