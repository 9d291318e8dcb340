#pragma once

#include <sha2.h>

#include <string>
#include <string_view>

namespace launchgate::finding {

// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// The same of bytes that come in parts.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string hex();  // once, at the end

 private:
  SHA2_CTX context_;
};

}  // namespace launchgate::finding
