#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// Globs over a whole relative path: `?` and `*` stop at '/', `**` does not ("**/x" is also "x", "dir/**" all below),
// `{a,b}` and `[a-z]`, `[!a-z]` as usual; a backslash makes the next character literal.
//
// Method: Thompson, "Regular expression search algorithm" (1968): the pattern becomes a list of states, and all that
// can be reached are followed side by side. The cost is at most the pattern's length times the path's, whatever stands
// in them, because patterns come from repositories that are not trusted.
namespace launchgate::io {

class Glob {
 public:
  explicit Glob(std::string_view pattern);
  bool matches(std::string_view path) const;
  // Of "[a-z]" at the start of a pattern; 0 when there is none.
  static std::size_t set_length(std::string_view pattern);

 private:
  enum class Kind : std::uint8_t { literal, any, set, star, anything, fork, jump, end };
  struct State {
    Kind kind = Kind::end;
    char literal = 0;
    std::uint32_t to = 0;    // fork, jump: the state; set: index
    std::uint32_t more = 0;  // fork: the other one
  };
  struct Set {
    bool negated = false;
    bool has[256] = {};
  };
  class Frontier;

  void compile(std::string_view pattern);
  std::size_t compile_set(std::string_view pattern);  // bytes that it took; 0: no set begins here
  static std::size_t read_set(std::string_view pattern, Set& set);
  void compile_choices(std::string_view choices);
  std::uint32_t add(State state);
  bool takes(const State& state, char character) const;

  std::vector<State> states_;
  std::vector<Set> sets_;
};

// Compiles, and matches once.
bool glob_match(std::string_view pattern, std::string_view path);
bool is_glob(std::string_view pattern);

}  // namespace launchgate::io
