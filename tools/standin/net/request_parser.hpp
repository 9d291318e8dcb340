#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "standin/core/message.hpp"

namespace launchgate::standin {

// Reads requests from bytes as they come. Heads above 64 KiB and bodies above 16 MiB are refused.
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  enum class Outcome : std::uint8_t { incomplete, complete, bad, too_large };
  struct Progress {
    Outcome outcome = Outcome::incomplete;
    std::size_t consumed = 0;  // the rest has to be given again, followed by more
  };
  Progress put(std::string_view bytes);
  // Whether the head is complete and asks to be told to go on (RFC 9110, 10.1.1); true once per request.
  bool wants_continue();

  const Request& request() const;
  // Ready for the next one.
  void reset();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace launchgate::standin
