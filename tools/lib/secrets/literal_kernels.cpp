#include "lib/secrets/literal_set.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace launchgate::secrets {

#if defined(__x86_64__)

namespace {

std::size_t write_bits(std::uint32_t bits, std::size_t position, std::uint32_t* out, std::size_t count) {
  while (bits != 0) {
    out[count++] = static_cast<std::uint32_t>(position) + static_cast<std::uint32_t>(__builtin_ctz(bits));
    bits &= bits - 1;
  }
  return count;
}

__attribute__((target("ssse3"))) inline __m128i load128(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

__attribute__((target("avx2"))) inline __m256i load256(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

}  // namespace

__attribute__((target("ssse3"))) std::size_t candidates_ssse3(const LiteralSet::Tables& tables,
                                                              const unsigned char* text, std::size_t begin,
                                                              std::size_t end, std::uint32_t* out) {
  __m128i low[LiteralSet::window][2];
  __m128i high[LiteralSet::window][2];
  for (std::size_t p = 0; p < LiteralSet::window; ++p) {
    for (std::size_t half = 0; half < 2; ++half) {
      low[p][half] = load128(tables.low[p][half].data());
      high[p][half] = load128(tables.high[p][half].data());
    }
  }
  const __m128i nibble = _mm_set1_epi8(0x0f);
  const __m128i zero = _mm_setzero_si128();
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; i += 16) {
    __m128i first = _mm_set1_epi8(-1);
    __m128i second = tables.wide ? first : zero;
    for (std::size_t p = 0; p < LiteralSet::window; ++p) {
      const __m128i bytes = load128(text + i + p);
      const __m128i lows = _mm_and_si128(bytes, nibble);
      const __m128i highs = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
      first =
          _mm_and_si128(first, _mm_and_si128(_mm_shuffle_epi8(low[p][0], lows), _mm_shuffle_epi8(high[p][0], highs)));
      second =
          _mm_and_si128(second, _mm_and_si128(_mm_shuffle_epi8(low[p][1], lows), _mm_shuffle_epi8(high[p][1], highs)));
    }
    const __m128i none = _mm_cmpeq_epi8(_mm_or_si128(first, second), zero);
    std::uint32_t bits = ~static_cast<std::uint32_t>(_mm_movemask_epi8(none)) & 0xffffU;
    if (end - i < 16) bits &= (1U << (end - i)) - 1;
    count = write_bits(bits, i, out, count);
  }
  return count;
}

namespace {

// `span`: how many bytes are looked at from each position on.
template <std::size_t span>
__attribute__((target("avx2"))) std::size_t candidates_avx2_of(const LiteralSet::Tables& tables,
                                                               const unsigned char* text, std::size_t begin,
                                                               std::size_t end, std::uint32_t* out) {
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i zero = _mm256_setzero_si256();
  __m256i low[span];
  __m256i high[span];
  std::size_t count = 0;
  if (tables.wide) {
    // The lanes hold the two halves of the buckets; both look at the same 16 bytes.
    for (std::size_t p = 0; p < span; ++p) {
      low[p] = load256(tables.low[p].data());
      high[p] = load256(tables.high[p].data());
    }
    for (std::size_t i = begin; i < end; i += 16) {
      __m256i found = _mm256_set1_epi8(-1);
      for (std::size_t p = 0; p < span; ++p) {
        const __m256i bytes = _mm256_broadcastsi128_si256(load128(text + i + p));
        const __m256i lows = _mm256_shuffle_epi8(low[p], _mm256_and_si256(bytes, nibble));
        const __m256i highs = _mm256_shuffle_epi8(high[p], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
        found = _mm256_and_si256(found, _mm256_and_si256(lows, highs));
      }
      const std::uint32_t none = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, zero)));
      std::uint32_t bits = (~none | (~none >> 16U)) & 0xffffU;
      if (end - i < 16) bits &= (1U << (end - i)) - 1;
      count = write_bits(bits, i, out, count);
    }
    return count;
  }
  for (std::size_t p = 0; p < span; ++p) {
    low[p] = _mm256_broadcastsi128_si256(load128(tables.low[p][0].data()));
    high[p] = _mm256_broadcastsi128_si256(load128(tables.high[p][0].data()));
  }
  for (std::size_t i = begin; i < end; i += 32) {
    __m256i found = _mm256_set1_epi8(-1);
    for (std::size_t p = 0; p < span; ++p) {
      const __m256i bytes = load256(text + i + p);
      const __m256i lows = _mm256_shuffle_epi8(low[p], _mm256_and_si256(bytes, nibble));
      const __m256i highs = _mm256_shuffle_epi8(high[p], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
      found = _mm256_and_si256(found, _mm256_and_si256(lows, highs));
    }
    std::uint32_t bits = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, zero)));
    if (end - i < 32) bits &= (1U << (end - i)) - 1;
    count = write_bits(bits, i, out, count);
  }
  return count;
}

}  // namespace

__attribute__((target("avx2"))) std::size_t candidates_avx2(const LiteralSet::Tables& tables, const unsigned char* text,
                                                            std::size_t begin, std::size_t end, std::uint32_t* out) {
  return tables.span == 3 ? candidates_avx2_of<3>(tables, text, begin, end, out)
                          : candidates_avx2_of<LiteralSet::window>(tables, text, begin, end, out);
}

__attribute__((target("avx2"))) std::size_t even_avx2(const std::uint8_t* starts, const unsigned char* text,
                                                      std::size_t begin, std::size_t end, std::uint32_t* out) {
  // Four trigrams, two bytes apart, out of each 128 bits; the fourth byte of each becomes zero.
  const __m256i pick = _mm256_setr_epi8(0, 1, 2, -1, 2, 3, 4, -1, 4, 5, 6, -1, 6, 7, 8, -1, 0, 1, 2, -1, 2, 3, 4, -1, 4,
                                        5, 6, -1, 6, 7, 8, -1);
  const __m256i letters = _mm256_set1_epi32(0x202020);
  const __m256i multiplier = _mm256_set1_epi32(static_cast<int>(LiteralSet::multiplier));
  const auto hashes = [&](const unsigned char* from) __attribute__((target("avx2"))) {
    const __m256i bytes = _mm256_set_m128i(load128(from + 8), load128(from));
    const __m256i keys = _mm256_or_si256(_mm256_shuffle_epi8(bytes, pick), letters);
    return _mm256_srli_epi32(_mm256_mullo_epi32(keys, multiplier), 32 - LiteralSet::hash_bits);
  };
  alignas(32) std::uint16_t hash[16];
  std::size_t count = 0;
  for (std::size_t at = begin; at < end; at += 32) {
    const __m256i both = _mm256_packus_epi32(hashes(text + at), hashes(text + at + 16));
    _mm256_store_si256(reinterpret_cast<__m256i*>(hash), _mm256_permute4x64_epi64(both, 0xd8));
#pragma GCC unroll 16
    for (std::uint32_t i = 0; i < 16; ++i) {
      out[count] = static_cast<std::uint32_t>(at) + 2 * i;
      count += starts[hash[i]];
    }
  }
  while (count > 0 && out[count - 1] >= end) --count;
  return count;
}

#else

// Never chosen: best_kernel() is scalar here.
std::size_t candidates_ssse3(const LiteralSet::Tables&, const unsigned char*, std::size_t, std::size_t,
                             std::uint32_t*) {
  return 0;
}
std::size_t candidates_avx2(const LiteralSet::Tables&, const unsigned char*, std::size_t, std::size_t, std::uint32_t*) {
  return 0;
}
std::size_t even_avx2(const std::uint8_t*, const unsigned char*, std::size_t, std::size_t, std::uint32_t*) { return 0; }

#endif

}  // namespace launchgate::secrets
