#include "lib/regex/pattern_facts.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace launchgate::regex {
namespace {

class Writer {
 public:
  void number(std::size_t value) { raw(static_cast<std::uint16_t>(value)); }
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

}  // namespace

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
  Writer around;
  if (!literals.empty()) {
    if (const auto shape = PatternShape::analyse(pattern, ignore_case, bytes))
      around.raw(*surroundings(*shape, literals));
  }
  Writer out;
  out.text(words.take());
  out.text(around.take());
  return out.take();
}

PatternFacts::PatternFacts(std::string_view data) {
  Reader in(data);
  words_ = in.text();
  around_ = in.text();
}

RequiredWords PatternFacts::words() const {
  std::vector<std::string> words;
  Reader in(words_);
  for (std::size_t read = 0; read < words_.size(); read += sizeof(std::uint16_t) + words.back().size())
    words.emplace_back(in.text());
  return RequiredWords(std::move(words));
}

std::optional<Surroundings> PatternFacts::around() const {
  if (around_.empty()) return std::nullopt;
  return Reader(around_).raw<Surroundings>();
}

}  // namespace launchgate::regex
