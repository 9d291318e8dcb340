#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

// How the tokens of a service are built, as data beside the pattern that finds them: fixed text, and in braces what
// changes. `ghp_{alnum:30}{crc32-base62:6}` are four fixed characters, 30 letters and digits, and a check.
//
//   {ALPHABET:N} or {ALPHABET:N-M}   so many characters of an alphabet: digit, hex, HEX, lower, upper, alpha, alnum,
//                                    lownum, upnum, base32, BASE32 (RFC 4648), b64, url
//   {uuid}                           a random UUID (RFC 9562, version 4)
//   {crc32-base62:N}, {crc32-hex:N}  CRC-32 (IEEE 802.3) of the field before, to the left filled with zeros
//   {crc32-base36:N}                 of all that stands before
namespace launchgate::rules {

class TokenFormat {
 public:
  // The error says what is wrong, without a place.
  static base::Result<TokenFormat> parse(std::string_view text);

  // `below(n)` is a number from 0 to n - 1.
  std::string make(const std::function<std::uint32_t(std::uint32_t n)>& below) const;

 private:
  struct Field {
    std::string fixed;  // or, if empty, one of the others
    std::string_view name;
    std::string_view alphabet;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
  };
  static base::Result<Field> field(std::string_view text);

  std::vector<Field> fields_;
};

}  // namespace launchgate::rules
