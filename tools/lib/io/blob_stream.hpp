#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/base/reader.hpp"
#include "lib/io/child.hpp"

namespace launchgate::io {

// SHA-1 of the parts, one after another, where 40 hexadecimal digits are asked for; SHA-256 for 64.
std::string git_digest(std::initializer_list<std::string_view> parts, std::size_t digits);

// The name that git gives to a content, in so many digits.
std::string blob_name(std::string_view text, std::size_t digits);

// One `git cat-file --batch`: blobs by their object name, streamed.
class BlobStream final : public base::Reader {
 public:
  static base::Result<BlobStream> open(const std::string& folder);

  // The size of the object, which read() gives next. One that does not exist or is of another type is an error.
  base::Result<std::uint64_t> request(const std::string& object, std::string_view type = "blob");
  base::Result<std::size_t> read(char* into, std::size_t size) override;  // 0 at the end of the blob
  base::Result<void> skip_rest();

 private:
  BlobStream(std::string folder, Child child) : folder_(std::move(folder)), child_(std::move(child)) {}
  base::Result<std::size_t> take(char* into, std::size_t size);

  std::string folder_;
  Child child_;
  std::string buffered_;
  std::size_t used_ = 0;
  std::uint64_t left_ = 0;
  bool open_ = false;
};

}  // namespace launchgate::io
