#pragma once

#include <csignal>

#include "lib/io/descriptor.hpp"

namespace launchgate::io {

// While there is one, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGCHLD come as data, and a broken pipe is an error of the
// write. Restores all on destruction.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  bool valid() const { return descriptor_.valid(); }
  int descriptor() const { return descriptor_.get(); }  // readable when a signal has come

  struct Signal {
    int number = 0;  // 0: none has come
    bool from_kernel = false;
  };
  Signal next() const;

  // As it was before, for what is started meanwhile.
  const sigset_t& mask_before() const { return mask_before_; }
  bool pipe_ignored_before() const { return pipe_before_.sa_handler == SIG_IGN; }

 private:
  Descriptor descriptor_;
  sigset_t mask_before_{};
  struct sigaction pipe_before_ {};
};

}  // namespace launchgate::io
