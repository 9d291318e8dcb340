#pragma once

#include <cstddef>

namespace launchgate::io {

// Columns of the terminal that a stream (1: standard output, 2: standard error) leads to; 0: to none.
std::size_t terminal_columns(int stream);

}  // namespace launchgate::io
