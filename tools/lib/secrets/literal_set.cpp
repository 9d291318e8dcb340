#include "lib/secrets/literal_set.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace launchgate::secrets {
namespace {

constexpr std::size_t hash_bits = 16;
constexpr std::size_t slot_bits = 12;
constexpr std::size_t block = 32UL * 1024;
constexpr std::size_t read_ahead = 64;  // at least window - 1 + 31
constexpr std::size_t trigrams_for_one_half = 24;

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Three bytes, each with bit 5 set: letters lose their case, and what else coincides is told apart by the comparison that follows.
std::uint32_t key_of(const char* text) {
  std::uint32_t key = static_cast<unsigned char>(text[0]);
  key |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) << 8U;
  key |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[2])) << 16U;
  return key | 0x202020U;
}

std::uint32_t hash_of(std::uint32_t key) { return (key * 0x9e3779b1U) >> (32 - hash_bits); }
std::uint32_t slot_of(std::uint32_t hash) { return hash >> (hash_bits - slot_bits); }

// How often a byte occurs in prose, source code and JSON, in thousandths; letters of both cases together. Only ratios matter.
double frequency(unsigned char byte) {
  constexpr std::string_view letters = "etaoinsrlcdupmfhgbyvwkxzjq";
  constexpr std::array<double, 26> shares = {85, 65, 56, 52, 52, 50, 50, 48, 32, 30, 29, 23, 22, 20, 18, 18, 14, 13, 12, 9, 8, 7, 5, 2.5, 2, 2};
  if (const auto at = letters.find(static_cast<char>(byte | 0x20U)); at != std::string_view::npos && byte >= 'A') return shares[at];
  switch (byte) {
    case ' ': return 140;
    case '\n': case '_': return 25;
    case '.': case ',': case '-': case '/': case '"': case '0': case '1': return 10;
    case '2': case ':': case '(': case ')': case ';': case '=': case '*': case '\'': case '\t': return 8;
    case '>': case '<': case '3': case '4': case '5': case '6': case '7': case '8': case '9': return 5;
    default: return byte < 128 ? 2 : 1;
  }
}

double frequency(const char* trigram) {
  double product = 1;
  for (int i = 0; i < 3; ++i) product *= frequency(static_cast<unsigned char>(trigram[i]));
  return product;
}

bool equal_folded(const char* text, const std::string& literal) {
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (fold(text[i]) != literal[i]) return false;
  }
  return true;
}

}  // namespace

LiteralSet::LiteralSet(const std::vector<std::string>& literals)
    : literals_(literals), bitmap_((std::size_t{1} << hash_bits) / 64), slots_(std::size_t{1} << slot_bits) {
  std::unordered_map<std::uint32_t, std::uint32_t> shared;
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    std::string& literal = literals_[i];
    std::transform(literal.begin(), literal.end(), literal.begin(), fold);
    if (literal.empty()) continue;
    if (literal.size() < 3) short_.push_back(static_cast<std::uint32_t>(i));
    for (std::size_t at = 0; at + 3 <= literal.size(); ++at) ++shared[key_of(literal.data() + at)];
  }
  struct Chosen {
    std::uint32_t key;
    Member member;
  };
  std::vector<Chosen> chosen;
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i];
    if (literal.size() < 3) continue;
    Chosen best{};
    double least = 0;
    for (std::size_t at = 0; at + 3 <= literal.size(); ++at) {
      const std::uint32_t key = key_of(literal.data() + at);
      const double cost = frequency(literal.data() + at) / shared[key];
      if (at != 0 && cost >= least) continue;
      least = cost;
      best = {key, {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(at)}};
    }
    chosen.push_back(best);
  }
  std::sort(chosen.begin(), chosen.end(), [](const Chosen& a, const Chosen& b) {
    return a.key != b.key ? a.key < b.key : a.member.literal < b.member.literal;
  });

  std::vector<std::array<bool, 256>> following;  // per trigram: the folded bytes that may stand after it
  for (const Chosen& one : chosen) {
    if (trigrams_.empty() || trigrams_.back().key != one.key) {
      trigrams_.push_back({one.key, static_cast<std::uint32_t>(members_.size()), 0, 0});
      following.emplace_back();
    }
    ++trigrams_.back().count;
    members_.push_back(one.member);
    const std::string& literal = literals_[one.member.literal];
    const std::size_t after = one.member.offset + 3;
    if (after < literal.size()) {
      following.back()[static_cast<unsigned char>(literal[after])] = true;
    } else {
      following.back().fill(true);
    }
  }
  for (std::size_t i = 0; i < trigrams_.size(); ++i) {
    const std::uint32_t hash = hash_of(trigrams_[i].key);
    bitmap_[hash / 64] |= std::uint64_t{1} << (hash % 64);
    trigrams_[i].next = slots_[slot_of(hash)];
    slots_[slot_of(hash)] = static_cast<std::uint16_t>(i + 1);
  }
  build_tables(following);
}

// Trigrams in the order of their first byte, so that one byte of text is possible in few buckets; every bucket gets as many.
void LiteralSet::build_tables(const std::vector<std::array<bool, 256>>& following) {
  tables_.wide = trigrams_.size() > trigrams_for_one_half;
  const std::size_t used = tables_.wide ? buckets : buckets / 2;
  std::vector<std::uint32_t> order(trigrams_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  const auto by_bytes = [&](std::uint32_t i) {
    const std::uint32_t key = trigrams_[i].key;
    return (key & 0xffU) << 16U | (key & 0xff00U) | key >> 16U;
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return by_bytes(a) < by_bytes(b); });
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t bucket = rank * used / order.size();
    const auto bit = static_cast<std::uint8_t>(1U << (bucket % 8));
    const auto admit = [&](std::size_t place, std::size_t byte) {
      tables_.low[place][bucket / 8][byte & 0x0fU] |= bit;
      tables_.high[place][bucket / 8][byte >> 4U] |= bit;
    };
    const std::uint32_t key = trigrams_[order[rank]].key;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < 3; ++place) {
        if ((byte | 0x20U) == (key >> (8 * place) & 0xffU)) admit(place, byte);
      }
      if (following[order[rank]][static_cast<unsigned char>(fold(static_cast<char>(byte)))]) admit(3, byte);
    }
  }
}

LiteralSet::Kernel LiteralSet::best_kernel() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) return Kernel::avx2;
  if (__builtin_cpu_supports("ssse3") != 0) return Kernel::ssse3;
#endif
  return Kernel::scalar;
}

bool LiteralSet::may_start(std::uint32_t key) const {
  const std::uint32_t hash = hash_of(key);
  return (bitmap_[hash / 64] >> (hash % 64) & 1U) != 0;
}

void LiteralSet::verify(std::string_view text, const std::uint32_t* candidates, std::size_t count, std::vector<LiteralHit>& hits) const {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = candidates[i];
    const std::uint32_t key = key_of(text.data() + at);
    if (!may_start(key)) continue;
    for (std::uint32_t next = slots_[slot_of(hash_of(key))]; next != 0;) {
      const Trigram& trigram = trigrams_[next - 1];
      next = trigram.next;
      if (trigram.key != key) continue;
      for (std::uint32_t m = trigram.first; m < trigram.first + trigram.count; ++m) {
        const Member& member = members_[m];
        const std::string& literal = literals_[member.literal];
        if (member.offset > at || text.size() - (at - member.offset) < literal.size()) continue;
        if (!equal_folded(text.data() + at - member.offset, literal)) continue;
        hits.push_back({member.literal, static_cast<std::uint32_t>(at - member.offset)});
      }
    }
  }
}

void LiteralSet::find(std::string_view text, std::vector<LiteralHit>& hits, Kernel kernel) const {
  for (const std::uint32_t index : short_) {
    const std::string& literal = literals_[index];
    for (std::size_t at = 0; at + literal.size() <= text.size(); ++at) {
      if (equal_folded(text.data() + at, literal)) hits.push_back({index, static_cast<std::uint32_t>(at)});
    }
  }
  if (trigrams_.empty() || text.size() < 3) return;
  const std::size_t starts = text.size() - 2;  // positions where a trigram fits
  std::array<std::uint32_t, block> candidates;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto run = [&](const unsigned char* from, std::size_t begin, std::size_t end) {
    return kernel == Kernel::avx2 ? candidates_avx2(tables_, from, begin, end, candidates.data())
                                  : candidates_ssse3(tables_, from, begin, end, candidates.data());
  };
  for (std::size_t begin = 0; begin < starts;) {
    std::size_t end = std::min(begin + block, starts);
    std::size_t count = 0;
    if (kernel == Kernel::scalar) {
      for (std::size_t at = begin; at < end; ++at) {
        candidates[count] = static_cast<std::uint32_t>(at);
        count += may_start(key_of(text.data() + at)) ? 1U : 0U;
      }
    } else if (end + read_ahead <= text.size()) {
      count = run(bytes, begin, end);
    } else if (text.size() - begin > 2 * read_ahead) {
      end = text.size() - read_ahead;  // the rest, in a copy that may be read past its end
      count = run(bytes, begin, std::max(end, begin));
    } else {
      std::array<unsigned char, 4 * read_ahead> copy{};
      std::memcpy(copy.data(), bytes + begin, text.size() - begin);
      count = run(copy.data(), 0, end - begin);
      for (std::size_t i = 0; i < count; ++i) candidates[i] += static_cast<std::uint32_t>(begin);
    }
    verify(text, candidates.data(), count, hits);
    begin = end;
  }
}

}  // namespace launchgate::secrets
