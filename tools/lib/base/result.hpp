#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace launchgate::base {

// Lines and columns count from 1; columns count Unicode code points. Line 0 means "no position".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Position&, const Position&) = default;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// Begin inclusive, end exclusive.
struct Span {
  Position begin;
  Position end;
  friend bool operator==(const Span&, const Span&) = default;
};

// What went wrong decides the exit code (docs/exit-codes.md); a defect of the tool itself is thrown as
// std::logic_error.
enum class ErrorCategory : std::uint8_t {
  usage,          // the command line
  configuration,  // the configuration, a schema or a rule pack
  input,          // a file that cannot be read
  output,         // a file that cannot be written
  content,        // a document whose text is not what its format asks for
};

struct Error {
  ErrorCategory category = ErrorCategory::input;
  std::string path;
  Position position;
  std::string message;
  std::string help;
};

// "path:line:column: message; help", leaving out what is unknown.
std::string to_string(const Error& error);

// Either a value or an Error. Exceptions are left for defects and for out of memory. An error is handed on in one
// spelling: `if (!x) return x.error();`.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return !error_.has_value(); }
  bool ok() const { return !error_.has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace launchgate::base
