#pragma once

#include <cstdint>

namespace launchgate::standin {

// Of this process; 0 where the system does not tell.
std::uint64_t resident_bytes();
// As many open files as the system allows this process.
void raise_descriptor_limit();

}  // namespace launchgate::standin
