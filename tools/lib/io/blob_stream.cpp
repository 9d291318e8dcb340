#include "lib/io/blob_stream.hpp"

#include <sha1.h>
#include <sha2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "lib/io/git_process.hpp"

namespace launchgate::io {

std::string git_digest(std::initializer_list<std::string_view> parts, std::size_t digits) {
  const auto add = [&](auto& context, const auto& update) {
    for (const std::string_view part : parts)
      update(&context, reinterpret_cast<const std::uint8_t*>(part.data()), part.size());
  };
  std::array<char, SHA256_DIGEST_STRING_LENGTH> hexadecimal{};
  if (digits == SHA1_DIGEST_STRING_LENGTH - 1) {
    SHA1_CTX context;
    SHA1Init(&context);
    add(context, SHA1Update);
    return SHA1End(&context, hexadecimal.data());
  }
  SHA2_CTX context;
  SHA256Init(&context);
  add(context, SHA256Update);
  return SHA256End(&context, hexadecimal.data());
}

std::string blob_name(std::string_view text, std::size_t digits) {
  return git_digest({"blob " + std::to_string(text.size()), std::string_view("\0", 1), text}, digits);
}

base::Result<BlobStream> BlobStream::open(const std::string& folder) {
  auto child = start_git(folder, {"cat-file", "--batch"});
  if (!child) return child.error();
  return BlobStream(folder, std::move(*child));
}

base::Result<std::size_t> BlobStream::take(char* into, std::size_t size) {
  if (used_ == buffered_.size()) {
    buffered_.resize(65536);
    used_ = 0;
    auto got = child_.read(buffered_.data(), buffered_.size());
    buffered_.resize(got ? *got : 0);
    if (!got || *got == 0) return got;
  }
  const std::size_t give = std::min(size, buffered_.size() - used_);
  std::memcpy(into, buffered_.data() + used_, give);
  used_ += give;
  return give;
}

base::Result<std::uint64_t> BlobStream::request(const std::string& object, std::string_view type_wanted) {
  if (auto done = skip_rest(); !done) return done.error();
  if (auto done = child_.write(object + "\n"); !done) return done.error();
  std::string header;
  while (true) {
    char c = 0;
    auto got = take(&c, 1);
    if (!got) return got.error();
    if (*got == 0) {
      (void)child_.wait();
      return git_failure(folder_, "git cat-file failed", child_.diagnostics());
    }
    if (c == '\n') break;
    header += c;
  }
  // "<object> <type> <size>", or "<object> missing".
  const std::size_t type = header.find(' ') + 1;
  const std::size_t size = header.find(' ', type) + 1;
  if (type > 0 && size > 0) {
    left_ = std::strtoull(header.c_str() + size, nullptr, 10);
    open_ = true;
    if (header.compare(type, size - type - 1, type_wanted) == 0) return left_;
    if (auto done = skip_rest(); !done) return done.error();
  }
  return base::Error{
      base::ErrorCategory::input,
      object,
      {},
      "git has no such content",
      "`git fsck` tells what is damaged; a partial clone (`--filter=blob:none`) has the contents once they are "
      "fetched without its filter: `git fetch --refetch --no-filter`"};
}

base::Result<std::size_t> BlobStream::read(char* into, std::size_t size) {
  if (left_ == 0) return std::size_t{0};
  auto got = take(into, static_cast<std::size_t>(std::min<std::uint64_t>(size, left_)));
  if (!got) return got;
  if (*got == 0) return base::Error{base::ErrorCategory::input, "git cat-file", {}, "the blob ends early", ""};
  left_ -= *got;
  return got;
}

// The content is followed by a line break.
base::Result<void> BlobStream::skip_rest() {
  std::array<char, 4096> some;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (left_ > 0) {
    auto got = read(some.data(), some.size());
    if (!got) return got.error();
  }
  if (open_) {
    auto got = take(some.data(), 1);
    if (!got) return got.error();
  }
  open_ = false;
  return {};
}

}  // namespace launchgate::io
