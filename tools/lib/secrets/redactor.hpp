#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/secrets/rulebook.hpp"

namespace launchgate::secrets {

// Replaces every private value in a text by a fixed word. Cheap for texts without any: rules are compiled when a
// keyword of theirs shows. Not for several threads at once; redactors can share a rulebook.
class Redactor {
 public:
  static constexpr std::string_view replacement = "redacted-private-value";

  explicit Redactor(std::shared_ptr<const Rulebook> book);

  // Values in clear, and runs of base64 or percent-encoding that hold one. A rule that cannot be compiled redacts the
  // whole text.
  std::string redact(std::string_view text);
  bool holds_private_value(std::string_view text);

 private:
  std::vector<std::pair<std::size_t, std::size_t>> places(std::string_view text);

  std::shared_ptr<const Rulebook> book_;
  Scratch scratch_;
};

}  // namespace launchgate::secrets
