#include "lib/io/signals.hpp"

#include <sys/signalfd.h>

namespace launchgate::io {

SignalWatch::SignalWatch() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) ::sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, &mask_before_);
  descriptor_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &pipe_before_);
}

SignalWatch::~SignalWatch() {
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

SignalWatch::Signal SignalWatch::next() const {
  signalfd_siginfo info{};
  if (read_some(descriptor_.get(), reinterpret_cast<char*>(&info), sizeof info) !=
      static_cast<std::ptrdiff_t>(sizeof info))
    return {};
  return {static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL};
}

}  // namespace launchgate::io
