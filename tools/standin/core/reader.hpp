#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::standin {

// Takes an object apart: every member is asked for once, what is left over is unknown. The first problem is kept and
// the rest reads on with defaults, so that callers look at `error()` once, at the end.
class ObjectReader {
 public:
  // `what` names the object in messages, for example "route".
  ObjectReader(const document::JsonValue& value, std::string what,
               base::ErrorCategory category = base::ErrorCategory::configuration);

  std::string text(std::string_view key);  // required, not empty
  std::string text(std::string_view key, std::string fallback);
  std::optional<std::string> optional_text(std::string_view key);
  double number(std::string_view key, double fallback, double least, double most);
  std::optional<double> optional_number(std::string_view key, double least, double most);
  bool boolean(std::string_view key, bool fallback);
  std::vector<std::string> texts(std::string_view key);
  std::optional<document::JsonValue> member(std::string_view key);
  // Elements of a required array.
  std::vector<document::JsonValue> elements(std::string_view key);
  // Index of the word in `choices`; `fallback` when absent.
  std::size_t choice(std::string_view key, const std::vector<std::string>& choices,
                     std::optional<std::size_t> fallback);

  bool has(std::string_view key) const;
  void fail(const document::JsonValue& at, std::string message, std::string help = "");
  void fail(std::string message, std::string help = "") { fail(value_, std::move(message), std::move(help)); }
  // Complains about members nobody asked for.
  void finish();
  const std::optional<base::Error>& error() const { return error_; }

 private:
  std::optional<document::JsonValue> take(std::string_view key, bool required);

  document::JsonValue value_;
  std::string what_;
  base::ErrorCategory category_;
  std::vector<std::string> asked_;
  std::optional<base::Error> error_;
};

}  // namespace launchgate::standin
