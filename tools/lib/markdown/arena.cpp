#include "lib/markdown/arena.hpp"

#include <cstdint>
#include <cstring>

namespace launchgate::markdown {
namespace {

constexpr std::size_t block_bytes = 1024 * 1024;
constexpr std::size_t alignment = alignof(std::max_align_t);
constexpr std::size_t header = alignment;

thread_local Arena* current = nullptr;

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

// Like cmark's own allocator these end the process when memory does (std::bad_alloc cannot pass through C).
void* allocate_zeroed(std::size_t count, std::size_t bytes) noexcept { return current->allocate(count * bytes); }
void* reallocate_memory(void* memory, std::size_t bytes) noexcept { return current->reallocate(memory, bytes); }
void keep_memory(void*) noexcept {}

}  // namespace

void* Arena::take(std::size_t bytes) {
  if (bytes > block_bytes / 4) {
    large_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
    return large_.back().get();
  }
  if (block_ < blocks_.size() && used_ + bytes > block_bytes) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_bytes));
  void* const memory = blocks_[block_].get() + used_;
  used_ += bytes;
  return memory;
}

void* Arena::allocate(std::size_t bytes) {
  auto* const memory = static_cast<std::byte*>(take(aligned(bytes) + header));
  std::memcpy(memory, &bytes, sizeof bytes);
  std::memset(memory + header, 0, bytes);
  return memory + header;
}

void* Arena::reallocate(void* memory, std::size_t bytes) {
  if (memory == nullptr) return allocate(bytes);
  std::size_t before = 0;
  std::memcpy(&before, static_cast<std::byte*>(memory) - header, sizeof before);
  if (bytes <= before) return memory;
  auto* const fresh = static_cast<std::byte*>(take(aligned(bytes) + header));
  std::memcpy(fresh, &bytes, sizeof bytes);
  std::memcpy(fresh + header, memory, before);
  return fresh + header;
}

void Arena::reset() {
  large_.clear();
  block_ = 0;
  used_ = 0;
}

Arena::Use::Use(Arena& arena) : before_(current) { current = &arena; }
Arena::Use::~Use() { current = before_; }

cmark_mem* Arena::allocator() {
  static cmark_mem callbacks = {allocate_zeroed, reallocate_memory, keep_memory};
  return &callbacks;
}

}  // namespace launchgate::markdown
