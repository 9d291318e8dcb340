#include "lib/secrets/text_pieces.hpp"

#include <algorithm>
#include <cstring>

#include "lib/secrets/text_encoding.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t first_buffer = 64UL * 1024;  // grows with the files

}  // namespace

// Grows the buffer as bytes arrive, so that small texts stay small.
base::Result<void> TextPieces::fill(std::size_t wanted, std::size_t most) {
  while (have_ < wanted && !ended_) {
    if (buffer_.size() == have_) buffer_.resize(std::min(wanted, std::max(first_buffer, 2 * have_)));
    auto got = source_->read(buffer_.data() + have_, std::min(buffer_.size(), most) - have_);
    if (!got) return got.error();
    ended_ = *got == 0;
    have_ += *got;
  }
  return {};
}

base::Result<bool> TextPieces::start() {
  if (buffer_.size() < first_buffer) buffer_.resize(first_buffer);
  if (auto done = fill(sniffed, first_buffer); !done) return done.error();
  const TextKind kind = sniff({buffer_.data(), std::min(have_, sniffed)});
  if (kind == TextKind::binary) return false;
  if (is_wide(kind)) {
    converted_ = read_wide(std::string(buffer_.data(), have_), *source_, kind);
    source_ = converted_.get();
    have_ = 0;
    ended_ = false;
  }
  if (auto done = fill(sizes_.whole + 1, sizes_.whole + 1); !done) return done.error();
  if (kind == TextKind::utf8_mark) {
    have_ -= 3;
    std::memmove(buffer_.data(), buffer_.data() + 3, have_);
  }
  whole_ = ended_;
  bytes_ = have_;
  return true;
}

Piece TextPieces::piece() const {
  return {{buffer_.data(), have_}, begin_, ended_ ? std::string_view::npos : have_ - sizes_.overlap};
}

std::size_t TextPieces::passed() const {
  const std::size_t end = have_ - sizes_.overlap;
  return end > sizes_.overlap ? end - sizes_.overlap : 0;
}

base::Result<void> TextPieces::advance() {
  const std::size_t first = passed();
  begin_ = have_ - sizes_.overlap - first;
  std::memmove(buffer_.data(), buffer_.data() + first, have_ - first);
  have_ -= first;
  const std::size_t before = have_;
  if (auto done = fill(have_ + sizes_.piece, have_ + sizes_.piece); !done) return done;
  bytes_ += have_ - before;
  return {};
}

}  // namespace launchgate::secrets
