#include "lib/io/glob.hpp"

#include <utility>

namespace launchgate::io {

// States to be looked at, each once for a character.
class Glob::Frontier {
 public:
  explicit Frontier(const std::vector<State>& states) : states_(states), seen_(states.size(), false) {}

  // With all that is reached without a character.
  void add(std::uint32_t index) {
    waiting_.push_back(index);
    while (!waiting_.empty()) {
      const std::uint32_t next = waiting_.back();
      waiting_.pop_back();
      if (seen_[next]) continue;
      seen_[next] = true;
      list_.push_back(next);
      const State& state = states_[next];
      if (state.kind == Kind::jump || state.kind == Kind::fork) waiting_.push_back(state.to);
      if (state.kind == Kind::fork) waiting_.push_back(state.more);
      if (state.kind == Kind::star || state.kind == Kind::anything) waiting_.push_back(next + 1);
    }
  }
  void clear() {
    for (const std::uint32_t index : list_) seen_[index] = false;
    list_.clear();
  }
  const std::vector<std::uint32_t>& list() const { return list_; }
  bool at_end() const { return seen_.back(); }

 private:
  const std::vector<State>& states_;
  std::vector<bool> seen_;
  std::vector<std::uint32_t> list_;
  std::vector<std::uint32_t> waiting_;
};

Glob::Glob(std::string_view pattern) {
  states_.reserve(pattern.size() + 2);
  compile(pattern);
  add({Kind::end});
}

std::uint32_t Glob::add(State state) {
  states_.push_back(state);
  return static_cast<std::uint32_t>(states_.size() - 1);
}

void Glob::compile(std::string_view pattern) {
  while (!pattern.empty()) {
    std::size_t taken = 1;
    const std::size_t close = pattern.find('}');
    if (pattern.starts_with("**/")) {
      // Nothing at all, or anything that ends with a slash.
      const std::uint32_t fork = add({Kind::fork});
      states_[fork].to = add({Kind::anything});
      add({Kind::literal, '/'});
      states_[fork].more = static_cast<std::uint32_t>(states_.size());
      taken = 3;
    } else if (pattern.starts_with("**")) {
      add({Kind::anything});
      taken = 2;
    } else if (pattern[0] == '*') {
      add({Kind::star});
    } else if (pattern[0] == '?') {
      add({Kind::any});
    } else if (pattern[0] == '{' && close != std::string_view::npos) {
      compile_choices(pattern.substr(1, close - 1));
      taken = close + 1;
    } else if (const std::size_t set = compile_set(pattern); set > 0) {
      taken = set;
    } else {
      if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      add({Kind::literal, pattern[0]});
    }
    pattern.remove_prefix(taken);
  }
}

std::size_t Glob::compile_set(std::string_view pattern) {
  Set set;
  const std::size_t length = read_set(pattern, set);
  if (length == 0) return 0;
  add({Kind::set, 0, static_cast<std::uint32_t>(sets_.size())});
  sets_.push_back(set);
  return length;
}

// As git reads it: a bracket that comes first is a member, and a backslash takes away a meaning, the hyphen's too.
std::size_t Glob::read_set(std::string_view pattern, Set& set) {
  if (!pattern.starts_with('[')) return 0;
  std::size_t at = 1;
  set.negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (set.negated) ++at;
  const auto take = [&] {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return static_cast<unsigned char>(pattern[at++]);
  };
  for (bool is_first = true; at < pattern.size() && (is_first || pattern[at] != ']'); is_first = false) {
    const unsigned first = take();
    const bool range = at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']';
    if (range) ++at;
    const unsigned last = range ? take() : first;
    for (unsigned character = first; character <= last; ++character) set.has[character] = true;
  }
  return at < pattern.size() ? at + 1 : 0;
}

std::size_t Glob::set_length(std::string_view pattern) {
  Set set;
  return read_set(pattern, set);
}

void Glob::compile_choices(std::string_view choices) {
  std::vector<std::uint32_t> ends;
  while (true) {
    const std::size_t comma = choices.find(',');
    const bool last = comma == std::string_view::npos;
    const std::uint32_t fork = last ? 0 : add({Kind::fork});
    if (!last) states_[fork].to = fork + 1;
    compile(choices.substr(0, comma));
    ends.push_back(add({Kind::jump}));
    if (last) break;
    states_[fork].more = static_cast<std::uint32_t>(states_.size());
    choices.remove_prefix(comma + 1);
  }
  for (const std::uint32_t end : ends) states_[end].to = static_cast<std::uint32_t>(states_.size());
}

bool Glob::takes(const State& state, char character) const {
  switch (state.kind) {
    case Kind::literal:
      return state.literal == character;
    case Kind::any:
    case Kind::star:
      return character != '/';
    case Kind::anything:
      return true;
    case Kind::set: {
      const Set& set = sets_[state.to];
      return character != '/' && set.has[static_cast<unsigned char>(character)] != set.negated;
    }
    default:
      return false;
  }
}

bool Glob::matches(std::string_view path) const {
  Frontier now(states_);
  Frontier next(states_);
  Frontier* here = &now;
  Frontier* there = &next;
  here->add(0);
  for (const char character : path) {
    for (const std::uint32_t index : here->list()) {
      const State& state = states_[index];
      if (!takes(state, character)) continue;
      there->add(state.kind == Kind::star || state.kind == Kind::anything ? index : index + 1);
    }
    here->clear();
    std::swap(here, there);
    if (here->list().empty()) return false;
  }
  return here->at_end();
}

bool glob_match(std::string_view pattern, std::string_view path) {
  // Most patterns differ from most paths in their first letter.
  constexpr std::string_view special = "*?[{\\";
  if (!pattern.empty() && special.find(pattern[0]) == std::string_view::npos && (path.empty() || path[0] != pattern[0]))
    return false;
  return Glob(pattern).matches(path);
}

bool is_glob(std::string_view pattern) { return pattern.find_first_of("*?[{") != std::string_view::npos; }

}  // namespace launchgate::io
