#include "lib/regex/pattern_facts.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace launchgate::regex {
namespace {

class Writer {
 public:
  void number(std::size_t value) {
    const auto small = static_cast<std::uint16_t>(value);
    raw(small);
  }
  template <typename T>
  void raw(const T& value) {
    static_assert(std::has_unique_object_representations_v<T>);
    data_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number(text.size());
    data_ += text;
  }
  std::string take() { return std::move(data_); }

 private:
  std::string data_;
};

class Reader {
 public:
  explicit Reader(std::string_view data) : data_(data) {}
  std::size_t number() { return raw<std::uint16_t>(); }
  template <typename T>
  T raw() {
    T value;
    std::memcpy(&value, data_.data(), sizeof value);
    data_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view text() {
    const std::size_t size = number();
    const std::string_view text = data_.substr(0, size);
    data_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view data_;
};

constexpr std::size_t last_bit = 0x8000;  // in the number of a position's followers
constexpr std::size_t most_bytes = 0xFFFF;

bool same(const ByteSet& a, const ByteSet& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

class FilterData {
 public:
  static std::string write(const PatternFilter& filter) {
    Writer out;
    out.number(filter.nullable_ ? 1 : 0);
    std::vector<ByteSet> sets;
    std::vector<std::size_t> set_of;
    for (const PatternFilter::Position& position : filter.positions_) {
      const auto known =
          std::find_if(sets.begin(), sets.end(), [&](const ByteSet& set) { return same(set, position.bytes); });
      set_of.push_back(static_cast<std::size_t>(known - sets.begin()));
      if (known == sets.end()) sets.push_back(position.bytes);
    }
    out.number(sets.size());
    for (const ByteSet& set : sets) out.raw(set);
    out.number(filter.positions_.size());
    for (std::size_t i = 0; i < filter.positions_.size(); ++i) {
      const PatternFilter::Position& position = filter.positions_[i];
      out.number(set_of[i]);
      out.number(position.followers | (position.last ? last_bit : 0));
    }
    for (const std::uint32_t next : filter.next_) out.number(next);
    out.number(filter.first_.size());
    for (const std::uint32_t first : filter.first_) out.number(first);
    return out.take();
  }

  static std::unique_ptr<const PatternFilter> read(std::string_view data) {
    Reader in(data);
    auto filter = std::unique_ptr<PatternFilter>(new PatternFilter());
    filter->nullable_ = in.number() != 0;
    std::vector<ByteSet> sets(in.number());
    for (ByteSet& set : sets) set = in.raw<ByteSet>();
    filter->positions_.resize(in.number());
    std::uint32_t begin = 0;
    for (PatternFilter::Position& position : filter->positions_) {
      position.bytes = sets[in.number()];
      const std::size_t followers = in.number();
      position.begin = begin;
      position.followers = static_cast<std::uint32_t>(followers & ~last_bit);
      position.last = (followers & last_bit) != 0;
      begin += position.followers;
    }
    filter->next_.resize(begin);
    for (std::uint32_t& next : filter->next_) next = static_cast<std::uint32_t>(in.number());
    filter->first_.resize(in.number());
    for (std::uint32_t& first : filter->first_) {
      first = static_cast<std::uint32_t>(in.number());
      filter->first_bytes_.add(filter->positions_[first].bytes);
    }
    return filter;
  }
};

std::optional<Surroundings> surroundings(const PatternShape& shape, const std::vector<std::string>& literals) {
  if (auto around = shape.around(literals)) return around;
  Extent whole = shape.whole();
  whole.min = 0;
  return Surroundings{whole, whole};
}

std::string PatternFacts::write(std::string_view pattern, bool ignore_case, bool bytes,
                                const std::vector<std::string>& literals) {
  const RequiredWords required(pattern);
  Writer words;
  for (const std::string& word : required.words()) words.text(word);
  std::string filter;
  Writer around;
  if (const auto shape = PatternShape::analyse(pattern, ignore_case, bytes)) {
    if (const auto made = PatternFilter::make(*shape, bytes)) filter = FilterData::write(*made);
    if (!literals.empty()) around.raw(*surroundings(*shape, literals));
  }
  if (filter.size() > most_bytes) filter.clear();  // as one that would be too large
  Writer out;
  out.text(words.take());
  out.text(filter);
  out.text(around.take());
  return out.take();
}

PatternFacts::PatternFacts(std::string_view data) {
  Reader in(data);
  words_ = in.text();
  filter_ = in.text();
  around_ = in.text();
}

RequiredWords PatternFacts::words() const {
  std::vector<std::string> words;
  Reader in(words_);
  for (std::size_t read = 0; read < words_.size(); read += sizeof(std::uint16_t) + words.back().size())
    words.emplace_back(in.text());
  return RequiredWords(std::move(words));
}

std::unique_ptr<const PatternFilter> PatternFacts::filter() const {
  return filter_.empty() ? nullptr : FilterData::read(filter_);
}

std::optional<Surroundings> PatternFacts::around() const {
  if (around_.empty()) return std::nullopt;
  return Reader(around_).raw<Surroundings>();
}

}  // namespace launchgate::regex
