#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/object_reader.hpp"
#include "lib/rules/harmless.hpp"
#include "lib/rules/pattern.hpp"
#include "lib/rules/pointer_pattern.hpp"

namespace launchgate::rules {

// Reads the fields of a pack's objects: an ObjectReader that knows patterns and pointers.
class Fields : public document::ObjectReader {
 public:
  Fields(const document::JsonValue& object, std::string what, std::optional<base::Error>& error);

  PointerPattern pointer(std::string_view name);  // required
  std::optional<PointerPattern> optional_pointer(std::string_view name);
  Pattern pattern(std::string_view name, Pattern::Options options = {});  // required
  std::optional<Pattern> optional_pattern(std::string_view name, Pattern::Options options = {});
  std::vector<Pattern> patterns(std::string_view name, Pattern::Options options = {});
  Pattern pattern_at(const document::JsonValue& value, Pattern::Options options) const;

  // A nested object; `read` is not called when it is absent.
  void object(std::string_view name, const std::string& what, const std::function<void(Fields&)>& read);
  // At least one when present.
  void objects(std::string_view name, const std::string& what, bool required, const std::function<void(Fields&)>& read);
  using ObjectReader::object;

  // What the rule's pack declares to be no secret; never null.
  const std::shared_ptr<const Harmless>& harmless() const { return harmless_; }
  void set_harmless(std::shared_ptr<const Harmless> harmless) { harmless_ = std::move(harmless); }

 private:
  void read_nested(const document::JsonValue& at, const std::string& what, const std::function<void(Fields&)>& read);

  std::shared_ptr<const Harmless> harmless_ = std::make_shared<const Harmless>();
};

}  // namespace launchgate::rules
