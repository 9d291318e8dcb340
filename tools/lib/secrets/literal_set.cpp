#include "lib/secrets/literal_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "lib/base/ascii.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t hash_bits = LiteralSet::hash_bits;
constexpr std::size_t slot_bits = 12;
constexpr std::size_t block = 30UL * 1024;  // a multiple of 6
constexpr std::size_t read_ahead = 64;      // at least window - 1 + 31
constexpr std::size_t trigrams_for_one_half = 64;
constexpr std::size_t most_in_buckets = 64;  // literals
constexpr std::uint64_t every_bit_5 = 0x2020202020202020U;

// Three bytes, each with bit 5 set: letters lose their case, and what else coincides is told apart by the comparison
// that follows.
std::uint32_t key_of(const char* text) {
  std::uint32_t key = static_cast<unsigned char>(text[0]);
  key |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) << 8U;
  key |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[2])) << 16U;
  return key | 0x202020U;
}

// Four bytes, in the same way.
std::uint32_t span_of(const char* text) {
  std::uint32_t key = 0;
  std::memcpy(&key, text, sizeof key);
  return key | 0x20202020U;
}

std::uint32_t hash_of(std::uint32_t key) { return (key * LiteralSet::multiplier) >> (32 - hash_bits); }
std::uint32_t slot_of(std::uint32_t hash) { return hash >> (hash_bits - slot_bits); }

// How often two bytes follow each other in source code, documentation and JSON: classes of bytes (letters without case,
// digits, "_", blanks, quotes, "-./:=", all others), a letter per pair, 1.5 steps per factor of two from "A" (below one
// in 60,000) up. Only differences matter.
constexpr std::size_t classes = 32;
constexpr std::string_view pair_steps =
    "BKMMGILCLBIONNALAOOPJIGHIAIILFGK"
    "LCJDLBAAMKFLEEJGAIGGLAAAJAHJHFFJ"
    "MIJGNDAOKAOMMDPHBLLOJFCJJAHLKFHL"
    "LFFKQEFGMCFHGEKEAJJGJDCJFAINOFKN"
    "MIOOMPJEIBGNMPHLKQOOEKKNKAHOQILP"
    "KBFHKJAAPAAKDJNGALGJMACAIAHKNFKM"
    "HCGBNBEIJAAKFMIEAIKHHEAAAAELMEJL"
    "NAACPDAALABCFCLDAIHJFAAACACKKFHL"
    "JLNNLNMAFAEMLROLDKNOAJAHALHJHDEJ"
    "CAAAKAAAAAAAAAFAAACAEAAAAABBDACG"
    "FAKEMABAIAADFFCBACGEIAEAAACPIDFN"
    "NHFJOLJJOACNBENGAELKMFDAJAEPMEJM"
    "MICIOIBAKABFIDKNAELFIACACAFLKDGK"
    "NGNNPLOEKAGIFHNIADPPLICAHAMLOJIM"
    "IKMMHMIAMFJLMQKOAOOLMIKFDADMMDGK"
    "MHFFPIAIKALMFHMJFMINKDFAKAHNJEHM"
    "AAAAAAAAAAAAAAAAAACAKAAAAAAHFAAH"
    "OFJJQHKFOAGKKMNJAMMNKJHALAHMOGJN"
    "LCKDPGILOAPPIMLMCJQQLFGFIHKNOHLN"
    "NEIJPIAOOABKHINKAOLLMCHMOCKOPGKO"
    "IKJIMIHAKAALLNELANMMAEAEAAHGIBDG"
    "MCBAMAAAIAABBALIABBDAAACAAJJFBDH"
    "KADGICAILAADAHHCAIFAHAGAAADJHBFI"
    "GEJDHFAAGAACDGAJAADLAAAJDAOLKCGM"
    "BDCAFHAAHAAEEHHOFGIHCACAAABLMDIL"
    "EAAALAAAEAAAAADAAAAAAAAAAACHBBAD"
    "HGGIGGAAHAAGABCEAAGEDIFMAAQPMJKO"
    "NLQNMNMJNDJMMNNNENPOLMJLGHKOFEEJ"
    "ONPNMNLKPEIMLMONFNPPMLLLIFOOVNOR"
    "GEHFFFEEGADGFFEFBGHHEDECBBFFLKJN"
    "IHIHHJHIIEDHHHIIBHJIFGHEABJKOIOP"
    "LLNOLKHFNAGJIKNMAJOLJKFLBCKNSKOT";
constexpr std::string_view class_steps = "TQTSURQRTLQSRTTSLTUURPOQQLSUWPRV";

std::size_t class_of(unsigned char byte) {
  const char folded = base::lower(static_cast<char>(byte));
  if (base::is_lower(folded)) return static_cast<std::size_t>(folded - 'a');
  if (base::is_digit(folded)) return 26;
  switch (folded) {
    case '_':
      return 27;
    case ' ':
      return 28;
    case '"':
    case '\'':
    case '`':
      return 29;
    case '-':
    case '.':
    case '/':
    case ':':
    case '=':
      return 30;
    default:
      return 31;
  }
}

// The share of one byte in its class, in steps.
int rarity_in_class(std::size_t byte_class) {
  return byte_class == 26 || byte_class == 31 ? 5 : byte_class >= 29 ? 3 : 0;
}

// How common a trigram is, in steps: P(abc) = P(ab) P(bc) / P(b).
int commonness(const char* trigram) {
  const std::size_t a = class_of(static_cast<unsigned char>(trigram[0]));
  const std::size_t b = class_of(static_cast<unsigned char>(trigram[1]));
  const std::size_t c = class_of(static_cast<unsigned char>(trigram[2]));
  return pair_steps[a * classes + b] + pair_steps[b * classes + c] - class_steps[b] - rarity_in_class(a) -
         rarity_in_class(b) - rarity_in_class(c);
}

bool equal_folded(const char* text, const std::string& literal) {
  // Literals that share a trigram often differ at the end: one word with different delimiters.
  if (base::lower(text[literal.size() - 1]) != literal.back()) return false;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (base::lower(text[i]) != literal[i]) return false;
  }
  return true;
}

}  // namespace

LiteralSet::Member LiteralSet::member(std::uint32_t literal, std::uint32_t offset, const std::string& text) {
  Member one{literal, offset};
  const std::size_t length = std::min(text.size(), sizeof one.start);
  std::array<unsigned char, sizeof one.start> bytes{};
  std::array<unsigned char, sizeof one.start> taken{};
  for (std::size_t i = 0; i < length; ++i) {
    bytes[i] = static_cast<unsigned char>(text[i]) | 0x20U;
    taken[i] = 0xff;
  }
  std::memcpy(&one.start, bytes.data(), sizeof one.start);
  std::memcpy(&one.mask, taken.data(), sizeof one.mask);
  return one;
}

std::vector<LiteralSet::Chosen> LiteralSet::choose() const {
  std::vector<std::uint16_t> shared(
      std::size_t{1} << hash_bits);  // by hash: a collision makes for a worse choice, not for a wrong one
  for (const std::string& literal : literals_) {
    for (std::size_t at = 0; at + 3 <= literal.size(); ++at) ++shared[hash_of(key_of(literal.data() + at))];
  }
  // Each sharer saves the cost of a trigram of its own.
  const auto cost = [&](const char* at) {
    return commonness(at) -
           3 * (static_cast<int>(std::bit_width(static_cast<unsigned>(shared[hash_of(key_of(at))]))) - 1) / 2;
  };
  const std::size_t width = even_ ? 4 : 3;
  std::vector<Chosen> chosen;
  for (std::uint32_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i];
    if (literal.size() < width) continue;
    std::uint32_t best = 0;
    int least = 0;
    int next = cost(literal.data());
    for (std::uint32_t at = 0; at + width <= literal.size(); ++at) {
      int here = next;
      if (at + 4 <= literal.size()) next = cost(literal.data() + at + 1);
      if (even_) here = std::max(here, next);
      if (at != 0 && here >= least) continue;
      least = here;
      best = at;
    }
    chosen.push_back({key_of(literal.data() + best), member(i, best, literal)});
    if (even_) chosen.push_back({key_of(literal.data() + best + 1), member(i, best + 1, literal)});
  }
  return chosen;
}

void LiteralSet::build_trigrams(std::vector<Chosen> chosen) {
  if (even_) windows_.resize(bitmap_.size());
  if (even_) starts_.resize(std::size_t{1} << hash_bits);
  for (const Chosen& one : chosen) {
    if (even_) starts_[hash_of(one.key)] = 1;
  }
  for (std::size_t i = 0; even_ && i < chosen.size(); i += 2) {
    const std::uint32_t hash = hash_of(span_of(literals_[chosen[i].member.literal].data() + chosen[i].member.offset));
    windows_[hash / 64] |= std::uint64_t{1} << (hash % 64);
  }
  std::sort(chosen.begin(), chosen.end(), [](const Chosen& a, const Chosen& b) {
    return a.key != b.key ? a.key < b.key : a.member.literal < b.member.literal;
  });
  for (const Chosen& one : chosen) {
    if (trigrams_.empty() || trigrams_.back().key != one.key) {
      trigrams_.push_back({one.key, static_cast<std::uint32_t>(members_.size()), 0, 0});
    }
    ++trigrams_.back().count;
    members_.push_back(one.member);
  }
  for (std::size_t i = 0; i < trigrams_.size(); ++i) {
    const std::uint32_t hash = hash_of(trigrams_[i].key);
    bitmap_[hash / 64] |= std::uint64_t{1} << (hash % 64);
    trigrams_[i].next = slots_[slot_of(hash)];
    slots_[slot_of(hash)] = static_cast<std::uint16_t>(i + 1);
  }
}

LiteralSet::LiteralSet(const std::vector<std::string>& literals)
    : literals_(literals), bitmap_((std::size_t{1} << hash_bits) / 64), slots_(std::size_t{1} << slot_bits) {
  std::vector<std::string> shorter;
  std::size_t longer = 0;
  for (std::uint32_t i = 0; i < literals_.size(); ++i) {
    std::string& literal = literals_[i];
    std::transform(literal.begin(), literal.end(), literal.begin(), base::lower);
    if (!literal.empty() && literal.size() < 3) short_.push_back(i);
    if (literal.size() > 3) ++longer;
  }
  even_ = longer > most_in_buckets;
  for (std::uint32_t i = 0; even_ && i < literals_.size(); ++i) {
    if (literals_[i].size() != 3) continue;
    shorter.push_back(literals_[i]);
    shorter_index_.push_back(i);
  }
  if (!shorter.empty()) shorter_ = std::make_unique<LiteralSet>(shorter);
  build_trigrams(choose());
  if (!even_) build_tables();
}

// Trigrams in the order of their first byte, so that one byte of text is possible in few buckets; every bucket gets as
// many.
void LiteralSet::build_tables() {
  tables_.wide = trigrams_.size() > trigrams_for_one_half;
  tables_.span =
      std::any_of(literals_.begin(), literals_.end(), [](const std::string& literal) { return literal.size() > 3; })
          ? window
          : 3;
  const std::size_t used = tables_.wide ? buckets : buckets / 2;
  std::vector<std::uint32_t> order(trigrams_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  const auto by_bytes = [&](std::uint32_t i) {
    const std::uint32_t key = trigrams_[i].key;
    return (key & 0xffU) << 16U | (key & 0xff00U) | key >> 16U;
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return by_bytes(a) < by_bytes(b); });
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const Trigram& trigram = trigrams_[order[rank]];
    std::array<bool, 256> following{};  // folded bytes that may stand after the trigram
    for (std::uint32_t m = trigram.first; m < trigram.first + trigram.count; ++m) {
      const std::string& literal = literals_[members_[m].literal];
      const std::size_t after = members_[m].offset + 3;
      if (after < literal.size()) {
        following[static_cast<unsigned char>(literal[after])] = true;
      } else {
        following.fill(true);
      }
    }
    const std::size_t bucket = rank * used / order.size();
    const auto bit = static_cast<std::uint8_t>(1U << (bucket % 8));
    const auto admit = [&](std::size_t place, std::size_t byte) {
      tables_.low[place][bucket / 8][byte & 0x0fU] |= bit;
      tables_.high[place][bucket / 8][byte >> 4U] |= bit;
    };
    for (std::size_t byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < 3; ++place) {
        if ((byte | 0x20U) == (trigram.key >> (8 * place) & 0xffU)) admit(place, byte);
      }
      if (following[static_cast<unsigned char>(base::lower(static_cast<char>(byte)))]) admit(3, byte);
    }
  }
}

// Whether the trigram at `at` may be the first or the second of a literal.
inline bool LiteralSet::may_span(const char* text, std::size_t at) const {
  const std::uint32_t first = hash_of(span_of(text + at));
  const std::uint32_t second = hash_of(span_of(text + at - 1));
  return ((windows_[first / 64] >> (first % 64) | windows_[second / 64] >> (second % 64)) & 1U) != 0;
}

// `begin` is even; up to seven bytes past `end` are read.
std::size_t LiteralSet::candidates_even(const char* text, std::size_t begin, std::size_t end, std::uint32_t* out,
                                        Kernel kernel) const {
  std::size_t count = 0;
  const std::uint8_t* starts = starts_.data();
  if (kernel == Kernel::avx2) count = even_avx2(starts, reinterpret_cast<const unsigned char*>(text), begin, end, out);
  for (std::size_t at = begin; kernel != Kernel::avx2 && at < end; at += 6) {
    // Three trigrams, two bytes apart, out of one load. The key is shifted up by a byte, which takes the place of a
    // mask.
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text + at, sizeof bytes);
    for (std::uint32_t i = 0; i < 3; ++i) {
      const std::uint32_t key = (static_cast<std::uint32_t>(bytes >> (16 * i)) & 0xffffffU) | 0x202020U;
      const std::uint32_t hash = hash_of(key);
      out[count] = static_cast<std::uint32_t>(at) + 2 * i;
      count += starts[hash];
    }
  }
  while (count > 0 && out[count - 1] >= end) --count;
  // Which of them also have the fourth byte; again without a branch, since these are too irregular to predict.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t at = out[i];
    out[kept] = at;
    kept += at == 0 || may_span(text, at) ? 1U : 0U;
  }
  return kept;
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

void LiteralSet::verify(std::string_view text, const std::uint32_t* candidates, std::size_t count,
                        std::vector<LiteralHit>& hits) const {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = candidates[i];
    const std::uint32_t key = key_of(text.data() + at);
    if (!even_ && !may_start(key)) continue;
    for (std::uint32_t next = slots_[slot_of(hash_of(key))]; next != 0;) {
      const Trigram& trigram = trigrams_[next - 1];
      next = trigram.next;
      if (trigram.key != key) continue;
      for (std::uint32_t m = trigram.first; m < trigram.first + trigram.count; ++m) {
        const Member& member = members_[m];
        if (member.offset <= at && text.size() - (at - member.offset) >= sizeof member.start) {
          std::uint64_t start = 0;
          std::memcpy(&start, text.data() + at - member.offset, sizeof start);
          if (((start | every_bit_5) & member.mask) != member.start) continue;
        }
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
  if (shorter_) {
    const std::size_t first = hits.size();
    shorter_->find(text, hits, kernel);
    for (std::size_t i = first; i < hits.size(); ++i) hits[i].literal = shorter_index_[hits[i].literal];
  }
  if (trigrams_.empty() || text.size() < 3) return;
  const std::size_t starts = text.size() - 2;        // positions where a trigram fits
  std::array<std::uint32_t, block + 16> candidates;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto run = [&](const unsigned char* from, std::size_t begin, std::size_t end) {
    if (even_) return candidates_even(reinterpret_cast<const char*>(from), begin, end, candidates.data(), kernel);
    return kernel == Kernel::avx2 ? candidates_avx2(tables_, from, begin, end, candidates.data())
                                  : candidates_ssse3(tables_, from, begin, end, candidates.data());
  };
  for (std::size_t begin = 0; begin < starts;) {
    std::size_t end = std::min(begin + block, starts);
    std::size_t count = 0;
    if (kernel == Kernel::scalar && !even_) {
      for (std::size_t at = begin; at < end; ++at) {
        candidates[count] = static_cast<std::uint32_t>(at);
        count += may_start(key_of(text.data() + at)) ? 1U : 0U;
      }
    } else if (end + read_ahead <= text.size()) {
      count = run(bytes, begin, end);
    } else if (text.size() - begin > 2 * read_ahead) {
      end = (text.size() - read_ahead) & ~std::size_t{1};  // the rest, in a copy that may be read past its end
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
