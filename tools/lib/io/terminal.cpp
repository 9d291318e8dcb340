#include "lib/io/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace launchgate::io {

std::size_t terminal_columns(int stream) {
  if (isatty(stream) == 0) return 0;
  winsize size{};
  return ioctl(stream, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace launchgate::io
