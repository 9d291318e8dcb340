#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::io {

// A child process with pipes to its standard input and output; what it writes to standard error is kept. Waited for on
// destruction, after both pipes are closed.
class Child {
 public:
  // `command` is looked up in PATH. Runs in `folder`, with the variables of this process and those given
  // ("NAME=value"), which win.
  static base::Result<Child> start(const std::vector<std::string>& command, const std::string& folder,
                                   const std::vector<std::string>& variables = {});

  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  base::Result<void> write(std::string_view text);
  void close_input();
  // 0 at the end of the output.
  base::Result<std::size_t> read(char* into, std::size_t size);
  base::Result<std::string> read_all();
  // The exit status, 128 + n for a signal n. Closes the pipes.
  int wait();
  // The start of what the child wrote to standard error; after wait().
  std::string diagnostics() const;

 private:
  Child() = default;
  void close_all();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;
  std::string name_;
};

}  // namespace launchgate::io
