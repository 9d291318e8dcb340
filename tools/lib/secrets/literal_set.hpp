#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Finds every occurrence of many short literals in one pass, without regard to the case of ASCII letters.
//
// Method: each literal is represented by one of its trigrams, the one that looks rarest and that most other literals
// share. The trigrams are dealt into 8 or 16 buckets; per bucket and per byte of the trigram (and the byte after it)
// two 16-entry tables say which low and which high nibbles may stand there. A byte shuffle looks up 16 or 32 positions
// at once and the bitwise product over the four bytes leaves a bit where all may stand: the candidates. They are
// checked against a bitmap of hashed trigrams, then against the literals themselves. This is the scheme "Teddy" of
// Hyperscan (Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher", NSDI 2019), with a hash in place of its
// per-bucket comparison. Cost: one pass of a few instructions per 16 bytes, and one table access per candidate.
// Without SSSE3 the bitmap alone is asked at every position.
//
// With many literals every byte is possible in some bucket, and nearly every position becomes a candidate. Then each
// literal of four bytes or more is represented by two neighbouring trigrams, one of which starts at an even position,
// and the bitmap is asked at even positions only: one multiplication and one table access per two bytes. Shorter
// literals form a set of their own.
namespace launchgate::secrets {

struct LiteralHit {
  std::uint32_t literal;   // index into the list that the set was built from
  std::uint32_t position;  // of its first byte
};

class LiteralSet {
 public:
  enum class Kernel : std::uint8_t { scalar, ssse3, avx2 };

  // The literals are compared with ASCII letters folded; empty ones never match. At most 65,535 of them.
  explicit LiteralSet(const std::vector<std::string>& literals);

  // Appends all occurrences, in the order of their trigram's positions. `text` is below 4 GiB.
  void find(std::string_view text, std::vector<LiteralHit>& hits) const { find(text, hits, best_kernel()); }
  void find(std::string_view text, std::vector<LiteralHit>& hits, Kernel kernel) const;

  // What this processor can run.
  static Kernel best_kernel();

  std::size_t trigrams() const { return trigrams_.size(); }

  static constexpr std::size_t window = 4;    // bytes that a kernel looks at from each position on
  static constexpr std::size_t buckets = 16;  // in two halves of eight
  // Trigrams are hashed by multiplication, to so many bits.
  static constexpr std::uint32_t multiplier = 0x9e3779b1U;
  static constexpr std::size_t hash_bits = 16;

  // Bit b of low[p][h][n]: in bucket 8h + b a byte with low nibble n may stand at offset p. `high` likewise.
  struct Tables {
    alignas(32) std::array<std::array<std::array<std::uint8_t, 16>, 2>, window> low{};
    alignas(32) std::array<std::array<std::array<std::uint8_t, 16>, 2>, window> high{};
    bool wide = false;          // the second half is in use
    std::size_t span = window;  // 3: any byte may stand at the last offset
  };

 private:
  struct Member {
    std::uint32_t literal;
    std::uint32_t offset;  // of the trigram in the literal
    // The first eight bytes of the literal, each with bit 5 set, and which of eight belong to it: most candidates are
    // told apart by one comparison.
    std::uint64_t start = 0;
    std::uint64_t mask = 0;
  };
  struct Trigram {
    std::uint32_t key = 0;
    std::uint32_t first = 0;  // its members
    std::uint32_t count = 0;
    std::uint32_t next = 0;  // 1 + another trigram of the same hash slot
  };

  struct Chosen {
    std::uint32_t key;
    Member member;
  };
  std::vector<Chosen> choose() const;
  void build_trigrams(std::vector<Chosen> chosen);
  void build_tables();
  std::size_t candidates_even(const char* text, std::size_t begin, std::size_t end, std::uint32_t* out,
                              Kernel kernel) const;
  void verify(std::string_view text, const std::uint32_t* candidates, std::size_t count,
              std::vector<LiteralHit>& hits) const;
  static Member member(std::uint32_t literal, std::uint32_t offset, const std::string& text);
  bool may_start(std::uint32_t key) const;
  bool may_span(const char* text, std::size_t at) const;  // `at` is above 0

  std::vector<std::string> literals_;  // folded
  std::vector<std::uint32_t> short_;   // literals of one or two bytes, searched one by one
  std::vector<Trigram> trigrams_;
  std::vector<Member> members_;
  std::vector<std::uint64_t> bitmap_;
  std::vector<std::uint8_t> starts_;  // with `even_`: the bitmap as bytes, which are quicker to look at
  std::vector<std::uint64_t>
      windows_;  // with `even_`: a bitmap of the four bytes that the two trigrams of a literal span
  std::vector<std::uint16_t> slots_;
  Tables tables_;
  bool even_ = false;                    // two trigrams per literal, looked for at even positions
  std::unique_ptr<LiteralSet> shorter_;  // with `even_`: literals of up to three bytes
  std::vector<std::uint32_t> shorter_index_;
};

// The vector kernels: write the positions in [begin, end) where a trigram may start, and return how many. They read up
// to LiteralSet::window - 1 + 31 bytes past `end`. `out` has room for end - begin entries.
std::size_t candidates_ssse3(const LiteralSet::Tables& tables, const unsigned char* text, std::size_t begin,
                             std::size_t end, std::uint32_t* out);
std::size_t candidates_avx2(const LiteralSet::Tables& tables, const unsigned char* text, std::size_t begin,
                            std::size_t end, std::uint32_t* out);

// The even positions in [begin, end) whose trigram's hash `starts` marks with 1. `begin` is even; up to 40 bytes past
// `end` are read.
std::size_t even_avx2(const std::uint8_t* starts, const unsigned char* text, std::size_t begin, std::size_t end,
                      std::uint32_t* out);

}  // namespace launchgate::secrets
