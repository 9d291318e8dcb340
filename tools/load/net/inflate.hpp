#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace launchgate::load {

// A body in the content coding gzip or deflate (RFC 9110, 8.4.1), decoded as it arrives.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Status : unsigned char { good, bad, stopped };
  // `sink` receives decoded bytes; false stops.
  Status feed(std::string_view bytes, const std::function<bool(std::string_view)>& sink);
  // Whether the coded body is complete.
  bool complete() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate::load
