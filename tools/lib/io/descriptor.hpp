#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

// Open files of the process, inside lib/io. What fails says why in errno; interruptions are passed over.
namespace launchgate::io {

// Closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // False when what was written could not be kept.
  bool close();

 private:
  int fd_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};
std::optional<Pipe> make_pipe();

// How many bytes came; 0 at the end, -1 for a failure.
std::ptrdiff_t read_some(int fd, char* into, std::size_t size);
// Appends all that comes. More than `limit` bytes fail with EFBIG.
bool read_all(int fd, std::string& text, std::size_t limit = std::numeric_limits<std::size_t>::max());
bool write_all(int fd, std::string_view text);

}  // namespace launchgate::io
