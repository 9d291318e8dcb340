#include "lib/base/hex.hpp"

#include <catch2/catch.hpp>

#include "lib/base/ascii.hpp"

using namespace launchgate::base;

TEST_CASE("bytes and their hexadecimal digits") {
  CHECK(to_hex("") == "");
  CHECK(to_hex(std::string_view("\x00\x0f\x7f\x80\xff", 5)) == "000f7f80ff");
  CHECK(is_hex("0123456789abcdefABCDEF", 22));
  CHECK(is_hex("", 0));
  CHECK_FALSE(is_hex("0123", 5));
  CHECK_FALSE(is_hex("01g3", 4));
  CHECK(is_lower_hex("09af", 4));
  CHECK_FALSE(is_lower_hex("09Af", 4));
  for (int c = 0; c < 256; ++c) {
    const char digit = static_cast<char>(c);
    CHECK((hex_value(digit) >= 0) == is_hex_digit(digit));
    if (is_hex_digit(digit)) CHECK(hex_value(digit) == std::stoi(std::string(1, digit), nullptr, 16));
  }
}

TEST_CASE("checksums, digests and commits") {
  const std::string hex(63, 'a');
  CHECK(is_checksum("sha256:b" + hex));
  CHECK(is_checksum("sha256:B" + hex));
  CHECK(is_checksum("artifact:run-2026/7"));
  for (const std::string& text :
       {"sha256:" + hex, "sha256:g" + hex, std::string("artifact:-1234567"), std::string("artifact:1234567"),
        std::string("artifact:12345678 "), std::string("artifact:"), std::string("md5:1"), "b" + hex})
    CHECK_FALSE(is_checksum(text));
  CHECK(is_image_digest("sha256:b" + hex));
  CHECK_FALSE(is_image_digest("SHA256:b" + hex));
  CHECK_FALSE(is_image_digest("artifact:run-2026/7"));
  CHECK(is_commit_sha("3f7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e64"));
  CHECK(is_commit_sha("3F7868512AA0D4BE7BC2A1D0B2F9E1A07C5D9E64"));
  CHECK_FALSE(is_commit_sha("3f78685"));
  CHECK(is_git_object("3f7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e64"));
  CHECK(is_git_object("b" + hex));
  CHECK_FALSE(is_git_object("3F7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e64"));
  CHECK(without_scheme("sha256:ab") == "ab");
  CHECK(without_scheme("artifact:ab") == "ab");
  CHECK(without_scheme("other:ab") == "other:ab");
}
