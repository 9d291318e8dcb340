#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/reader.hpp"

namespace launchgate::secrets {

struct PieceSizes {
  std::size_t whole = 0;    // up to here a text is one piece
  std::size_t piece = 0;    // else so much is read at a time
  std::size_t overlap = 0;  // context that a piece has to either side
};

// The text of a file in pieces that overlap, so that memory stays bounded whatever its size; UTF-16 becomes UTF-8, and
// a byte order mark is left out.
class TextPieces {
 public:
  // `buffer` may serve one text after another. It and the reader must outlive the pieces.
  TextPieces(std::vector<char>& buffer, Reader& reader, PieceSizes sizes)
      : buffer_(buffer), source_(&reader), sizes_(sizes) {}

  // Reads the first piece; false: the file is binary.
  base::Result<bool> start();
  bool whole() const { return whole_; }  // the first piece is all of the text
  bool last() const { return ended_; }
  Piece piece() const;

  // How many bytes at the front of the piece the next one will not have.
  std::size_t passed() const;
  base::Result<void> advance();

  std::uint64_t bytes() const { return bytes_; }  // of the text, so far

 private:
  base::Result<void> fill(std::size_t wanted, std::size_t most);

  std::vector<char>& buffer_;
  Reader* source_;
  std::unique_ptr<Reader> converted_;
  PieceSizes sizes_;
  std::size_t have_ = 0;
  std::size_t begin_ = 0;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
  bool whole_ = false;
};

}  // namespace launchgate::secrets
