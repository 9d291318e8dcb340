#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/result.hpp"

// The process and its machine: standard streams, clock, randomness, the executable itself.
namespace launchgate::io {

constexpr int standard_input = 0;
constexpr int standard_output = 1;
constexpr int standard_error = 2;

bool is_terminal(int stream);

std::int64_t now_ms();  // since the epoch
int process_id();
std::uint32_t user_id();                                                   // the effective one
std::vector<std::string> environment();                                    // "NAME=value"
std::optional<std::string> environment_variable(const std::string& name);  // none when it is empty
// Whether it is set, and to nothing.
bool is_set_but_empty(const std::string& name);
// From the kernel's generator.
base::Result<void> random_bytes(std::span<unsigned char> into);

// From here on no core dump holds this process's memory, and no process of the same user may look into it: for one that
// holds tokens or keys.
void hold_secrets();

// The executable's own folder; empty when it is not known.
std::string own_folder();
bool is_executable(const std::string& path);
// Replaces this process by another program; returns when that is not possible.
void become(const std::string& path, const std::vector<std::string>& arguments);

}  // namespace launchgate::io
