#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The little of X.690 DER that keys and signatures need.
namespace launchgate::signing {

inline constexpr std::uint8_t der_integer = 0x02;
inline constexpr std::uint8_t der_bit_string = 0x03;
inline constexpr std::uint8_t der_octet_string = 0x04;
inline constexpr std::uint8_t der_object_id = 0x06;
inline constexpr std::uint8_t der_sequence = 0x30;

// Reads one element after the other. Lengths must be in their shortest form.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : rest_(bytes) {}
  // The content of the next element when it has this tag; then it is passed.
  std::optional<std::string_view> next(std::uint8_t tag);
  bool skip();  // of any tag
  bool done() const { return rest_.empty(); }

 private:
  std::optional<std::pair<std::uint8_t, std::string_view>> any();
  std::string_view rest_;
};

std::string der(std::uint8_t tag, std::string_view content);
// An unsigned big-endian number, leading zeros removed, as INTEGER.
std::string der_unsigned(std::string_view big_endian);
// Such a number, as INTEGER, in `size` bytes; none when it is negative, padded or too long.
std::optional<std::string> unsigned_of(std::string_view integer, std::size_t size);

}  // namespace launchgate::signing
