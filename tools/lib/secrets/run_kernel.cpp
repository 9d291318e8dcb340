#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/base/ascii.hpp"
#include "lib/secrets/decode.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Long runs of the characters of base64. The vector kernel makes a mask of 64 bytes, a bit per byte, and finds 20 ones
// in a row by shifting it over itself; steps of 44 bytes leave no run between two masks. The plain one skips: a run of
// 20 holds one of any 20 positions that lie 20 apart.
namespace launchgate::secrets {
namespace {

bool is_digit(char c) { return base::is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_'; }

std::size_t find_plainly(std::string_view text, std::size_t from) {
  std::size_t free = from;
  while (free + shortest_run <= text.size()) {
    // Backwards: where this fails, no run can start at or before the place.
    std::size_t at = free + shortest_run;
    while (at > free && is_digit(text[at - 1])) --at;
    if (at == free) return free;
    free = at;
  }
  return std::string_view::npos;
}

#if defined(__x86_64__)

constexpr std::size_t step = 64 - shortest_run;

// Which of 16 bytes are digits. A low nibble says for which groups of high nibbles it is one: 2; 3; 4 and 6; 5; 7.
__attribute__((target("ssse3"))) inline std::uint64_t digits_of(const char* text) {
  const __m128i groups = _mm_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m128i members = _mm_setr_epi8(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
  const __m128i nibble = _mm_set1_epi8(0x0f);
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i high = _mm_shuffle_epi8(groups, _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble));
  const __m128i low = _mm_shuffle_epi8(members, _mm_and_si128(bytes, nibble));
  const __m128i none = _mm_cmpeq_epi8(_mm_and_si128(high, low), _mm_setzero_si128());
  return ~static_cast<std::uint32_t>(_mm_movemask_epi8(none)) & 0xffffU;
}

__attribute__((target("ssse3"))) std::size_t find_ssse3(std::string_view text, std::size_t from) {
  std::size_t at = from;
  for (; at + 64 <= text.size(); at += step) {
    const char* bytes = text.data() + at;
    const std::uint64_t mask =
        digits_of(bytes) | digits_of(bytes + 16) << 16U | digits_of(bytes + 32) << 32U | digits_of(bytes + 48) << 48U;
    std::uint64_t runs = mask & mask >> 1U;  // of 2 and more
    runs &= runs >> 2U;
    runs &= runs >> 4U;
    runs &= runs >> 8U;  // of 16
    runs &= runs >> 4U;  // of 20
    if (runs != 0) return at + static_cast<std::size_t>(std::countr_zero(runs));
  }
  return find_plainly(text, at);
}

__attribute__((target("avx2"))) inline std::uint64_t digits_of_32(const char* text) {
  const __m256i groups = _mm256_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 4, 16, 0,
                                          0, 0, 0, 0, 0, 0, 0);
  const __m256i members = _mm256_setr_epi8(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13, 26, 30, 30, 30,
                                           30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high = _mm256_shuffle_epi8(groups, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
  const __m256i low = _mm256_shuffle_epi8(members, _mm256_and_si256(bytes, nibble));
  const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(high, low), _mm256_setzero_si256());
  return static_cast<std::uint32_t>(~_mm256_movemask_epi8(none));
}

// Masks that do not overlap: how many ones the last one ends with is carried along.
__attribute__((target("avx2"))) std::size_t find_avx2(std::string_view text, std::size_t from) {
  std::size_t at = from;
  std::size_t tail = 0;
  for (; at + 64 <= text.size(); at += 64) {
    const char* bytes = text.data() + at;
    const std::uint64_t mask = digits_of_32(bytes) | digits_of_32(bytes + 32) << 32U;
    std::uint64_t runs = mask & mask >> 1U;
    runs &= runs >> 2U;
    runs &= runs >> 4U;
    runs &= runs >> 8U;
    runs &= runs >> 4U;
    if (tail + static_cast<std::size_t>(std::countr_one(mask)) >= shortest_run) return at - tail;
    if (runs != 0) return at + static_cast<std::size_t>(std::countr_zero(runs));
    tail = static_cast<std::size_t>(std::countl_one(mask));
  }
  return find_plainly(text, at - tail);
}

__attribute__((target("ssse3"))) std::size_t end_ssse3(std::string_view text, std::size_t from) {
  while (from + 16 <= text.size()) {
    const std::uint64_t mask = digits_of(text.data() + from);
    if (mask != 0xffffU) return from + static_cast<std::size_t>(std::countr_one(mask));
    from += 16;
  }
  return from;
}

#endif

}  // namespace

std::size_t end_of_run(std::string_view text, std::size_t from) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("ssse3") != 0) from = end_ssse3(text, from);
#endif
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

std::size_t find_long_run(std::string_view text, std::size_t from) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) return find_avx2(text, from);
  if (__builtin_cpu_supports("ssse3") != 0) return find_ssse3(text, from);
#endif
  return find_plainly(text, from);
}

}  // namespace launchgate::secrets
