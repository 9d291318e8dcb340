#include "load/net/resolver.hpp"

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>

namespace launchgate::load {

namespace {

Address make_address(int family, const void* bytes, std::uint16_t port) {
  Address out;
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes, sizeof v4.sin_addr);
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.length = sizeof v4;
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, bytes, sizeof v6.sin6_addr);
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.length = sizeof v6;
  }
  return out;
}

bool add_literal(const std::string& host, std::uint16_t port, std::vector<Address>& out) {
  std::array<unsigned char, 16> bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, host.c_str(), bytes.data()) == 1) {
      out.push_back(make_address(family, bytes.data(), port));
      return true;
    }
  }
  return false;
}

struct Answer {
  std::vector<Address> addresses;
  int status = ARES_ENODATA;
  bool done = false;
};

void on_answer(void* context, int status, int /*timeouts*/, ares_addrinfo* result) {
  auto& answer = *static_cast<Answer*>(context);
  answer.status = status;
  answer.done = true;
  if (result == nullptr) return;
  for (const ares_addrinfo_node* node = result->nodes; node != nullptr; node = node->ai_next) {
    if ((node->ai_family != AF_INET && node->ai_family != AF_INET6) || node->ai_addrlen > sizeof(sockaddr_storage))
      continue;
    Address address;
    std::memcpy(&address.storage, node->ai_addr, node->ai_addrlen);
    address.length = node->ai_addrlen;
    answer.addresses.push_back(address);
  }
  ares_freeaddrinfo(result);
}

// poll() and not select(): a run with thousands of streams has descriptors that an fd_set cannot hold.
void pump(ares_channel channel, const Answer& answer, std::chrono::steady_clock::time_point until) {
  while (!answer.done) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto mask = static_cast<unsigned>(ares_getsock(channel, sockets.data(), static_cast<int>(sockets.size())));
    std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
    nfds_t count = 0;
    for (unsigned i = 0; i < sockets.size(); ++i) {
      const bool readable = (mask & (1U << i)) != 0;
      const bool writable = (mask & (1U << (i + ARES_GETSOCK_MAXNUM))) != 0;
      if (!readable && !writable) continue;
      polled[count++] = {sockets[i], static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0)), 0};
    }
    if (count == 0) return;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) return;
    const int ready = poll(polled.data(), count, static_cast<int>(std::min<std::int64_t>(left, 100)));
    if (ready < 0 && errno != EINTR) return;
    bool processed = false;
    for (nfds_t i = 0; ready > 0 && i < count; ++i) {
      const auto events = static_cast<unsigned>(polled[i].revents);
      if (events == 0) continue;
      const bool writable = (events & POLLOUT) != 0;
      const bool readable = (events & ~static_cast<unsigned>(POLLOUT)) != 0;
      ares_process_fd(channel, readable ? polled[i].fd : ARES_SOCKET_BAD, writable ? polled[i].fd : ARES_SOCKET_BAD);
      processed = true;
    }
    // Lets the channel see its own timeouts.
    if (!processed) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }
}

}  // namespace

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, buffer.data(), buffer.size());
    return std::string(buffer.data()) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &storage, sizeof v6);
  inet_ntop(AF_INET6, &v6.sin6_addr, buffer.data(), buffer.size());
  return "[" + std::string(buffer.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

base::Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port, std::int64_t timeout_ms) {
  std::vector<Address> out;
  if (add_literal(host, port, out)) return out;
  if (host == "localhost" || host.ends_with(".localhost")) {
    add_literal("127.0.0.1", port, out);
    add_literal("::1", port, out);
    return out;
  }
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
  ares_channel channel = nullptr;
  ares_options options{};
  options.timeout = static_cast<int>(std::clamp<std::int64_t>(timeout_ms / 3, 200, 2000));
  options.tries = 3;
  if (const int status = ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
      status != ARES_SUCCESS) {
    return base::Error{
        base::ErrorCategory::input, {}, {}, std::string("name resolution cannot start: ") + ares_strerror(status), {}};
  }
  Answer answer;
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = ARES_AI_NUMERICSERV;
  const std::string service = std::to_string(port);
  ares_getaddrinfo(channel, host.c_str(), service.c_str(), &hints, on_answer, &answer);
  pump(channel, answer, std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms));
  const bool answered = answer.done;
  ares_destroy(channel);  // cancels what is pending; the callback runs before this returns
  if (!answer.addresses.empty()) return std::move(answer.addresses);
  const std::string reason = answered ? ares_strerror(answer.status) : "no answer in time";
  return base::Error{base::ErrorCategory::input, {}, {}, "host \"" + host + "\" has no address: " + reason, {}};
}

}  // namespace launchgate::load
