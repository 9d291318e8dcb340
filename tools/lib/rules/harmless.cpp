#include "lib/rules/harmless.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/finding/digest.hpp"
#include "lib/rules/fields.hpp"

namespace launchgate::rules {
base::Result<bool> Harmless::covers(std::string_view value) const {
  for (const Pattern& pattern : placeholders) {
    const auto regex = pattern.compiled();
    if (!regex) return regex.error();
    if (re2::RE2::PartialMatch({value.data(), value.size()}, **regex)) return true;
  }
  return !published.empty() && std::binary_search(published.begin(), published.end(), finding::sha256_hex(value));
}

std::shared_ptr<const Harmless> load_harmless(Fields& fields) {
  auto harmless = std::make_shared<Harmless>();
  Pattern::Options bytes;
  bytes.bytes = true;
  harmless->placeholders = fields.patterns("placeholders", bytes);
  fields.objects("published", "published value", false, [&](Fields& value) {
    std::string digest = value.text("sha256");
    (void)value.text("where");
    if (!value.failed() && !base::is_lower_hex(digest, 64))
      value.refuse(*value.object().find("sha256"), "\"sha256\" must be 64 lower-case hexadecimal digits");
    harmless->published.push_back(std::move(digest));
  });
  std::sort(harmless->published.begin(), harmless->published.end());
  return harmless;
}

}  // namespace launchgate::rules
