#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/descriptor.hpp"

namespace launchgate::io {

class SignalWatch;

struct ChildSettings {
  std::string folder;                                   // empty: the current one
  std::optional<std::vector<std::string>> environment;  // "NAME=value", nothing else; none: that of this process
  bool shares_input = false;                            // this process's standard input in place of a pipe
  bool pipes_errors = false;                            // standard error as a pipe; else its start is kept
  bool own_group = false;                               // of processes, so that a signal reaches all that it starts
  const SignalWatch* watch = nullptr;                   // what it changed is put back for the child
};

// A child process with a pipe from its standard output. Waited for on destruction, after its pipes are closed.
class Child {
 public:
  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  // The first word is looked up in PATH. 0, or errno: what could not be started has no effect.
  int start(const std::vector<std::string>& words, const ChildSettings& settings);

  base::Result<void> write(std::string_view text);
  void close_input() { input_.close(); }
  // 0 at the end of the output.
  base::Result<std::size_t> read(char* into, std::size_t size);
  base::Result<std::string> read_all();
  // The exit status, 128 + n for a signal n. Closes the pipes.
  int wait();
  // The same, when it has ended already; leaves the pipes open.
  std::optional<int> ended();
  // To the whole group, where it has one of its own.
  void send(int signal) const;
  // The start of what the child wrote to standard error, when that is no pipe; after wait().
  std::string diagnostics() const;

  const Descriptor& output() const { return output_; }
  const Descriptor& errors() const { return errors_; }

 private:
  int pid_ = -1;
  int group_ = -1;
  Descriptor input_;
  Descriptor output_;
  Descriptor errors_;
  std::string name_;
};

}  // namespace launchgate::io
