#pragma once

#include <string>
#include <vector>

// What a process gives up once it knows what it has to do, so that a fault in a parser of hostile input opens nothing.
//
// Two mechanisms of the kernel, both kept by every program that is started later: a seccomp filter (seccomp(2)) for
// system calls, and a Landlock ruleset (landlock(7)) for what may be written where. A kernel that lacks one of them
// leaves the process as it was; nothing depends on them.
namespace launchgate::io {

struct Confinement {
  // Files that may be written, and folders below which anything may. A file is replaced by way of a temporary one
  // beside it, so its folder is opened too.
  std::vector<std::string> writable;
  // Whether programs that it starts may start others: a git that is a shell script does.
  bool programs_start_others = false;
};

// How much of it the kernel took.
struct Confined {
  bool calls = false;    // no sockets, no tracing, no program but through Child and run_command()
  bool writing = false;  // nothing but `writable` and /dev/null
};

// Holds for the calling thread and for all that it starts afterwards: to be called before there are others.
Confined confine(const Confinement& confinement);

}  // namespace launchgate::io
