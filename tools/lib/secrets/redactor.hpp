#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/secrets/private_spans.hpp"
#include "lib/secrets/rulebook.hpp"

namespace launchgate::secrets {

// Replaces every private value in a text by a fixed word. Cheap for texts without any: rules are compiled when a
// keyword of theirs shows. Not for several threads at once; redactors can share a rulebook.
class Redactor {
 public:
  static constexpr std::string_view replacement = "redacted-private-value";

  explicit Redactor(std::shared_ptr<const Rulebook> book, std::size_t packs = all_packs)
      : book_(std::move(book)), finder_(*book_, packs) {}

  // Values in clear, and runs of base64 or percent-encoding that hold one. A rule that cannot be compiled redacts the
  // whole text. Of a text in UTF-16 that holds one, the rest comes back in UTF-8.
  std::string redact(std::string_view text);

 private:
  std::shared_ptr<const Rulebook> book_;
  SpanFinder finder_;
};

}  // namespace launchgate::secrets
