#include "standin/core/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace launchgate::standin {

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int gzip_wrapper = 16;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzip_wrapper, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::logic_error("zlib cannot start");
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  std::string input(text);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::logic_error("zlib cannot end");
  return packed;
}

}  // namespace launchgate::standin
