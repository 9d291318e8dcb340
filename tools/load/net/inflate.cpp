#include "load/net/inflate.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace launchgate::load {

struct Inflater::Impl {
  z_stream stream{};
  bool complete = false;
  std::array<char, 16UL * 1024> out{};
};

Inflater::Inflater() : impl_(std::make_unique<Impl>()) {
  // 32 accepts both the gzip and the zlib wrapping.
  if (inflateInit2(&impl_->stream, 15 + 32) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&impl_->stream); }

bool Inflater::complete() const { return impl_->complete; }

Inflater::Status Inflater::feed(std::string_view bytes, const std::function<bool(std::string_view)>& sink) {
  z_stream& stream = impl_->stream;
  // zlib's interface lacks const; it does not write to its input.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  while (stream.avail_in > 0 || stream.avail_out == 0) {
    if (impl_->complete) {
      // gzip members may follow one another; anything else is garbage.
      if (inflateReset(&stream) != Z_OK) return Status::bad;
      impl_->complete = false;
    }
    stream.next_out = reinterpret_cast<Bytef*>(impl_->out.data());
    stream.avail_out = static_cast<uInt>(impl_->out.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Status::bad;
    const std::size_t produced = impl_->out.size() - stream.avail_out;
    if (produced > 0 && !sink({impl_->out.data(), produced})) return Status::stopped;
    if (result == Z_STREAM_END) impl_->complete = true;
    if (result == Z_BUF_ERROR && produced == 0) break;
    if (result == Z_STREAM_END && stream.avail_in == 0) break;
  }
  return Status::good;
}

}  // namespace launchgate::load
