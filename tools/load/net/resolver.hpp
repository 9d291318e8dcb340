#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::load {

// A socket address, ready for connect().
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  int family() const { return storage.ss_family; }
  std::string text() const;  // "127.0.0.1:80", "[::1]:80"
};

// The addresses of a host in the order to try: literals as they are, "localhost" as RFC 6761 has it, others by
// /etc/hosts and DNS through c-ares, which works in a static executable where the C library's resolver does not. Blocks
// for at most `timeout_ms`; safe to call from any thread. An error is of category `input`.
base::Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port, std::int64_t timeout_ms);

}  // namespace launchgate::load
