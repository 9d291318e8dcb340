#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/rules/pack.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/resources.hpp"

namespace launchgate::suite {

// Schemas and packs by name, each compiled once for all documents, whichever thread asks first.
class Rulebook {
 public:
  explicit Rulebook(Resources& resources) : resources_(resources) {}

  // Whether the schema has nothing to say of the document that the build has not said already.
  base::Result<bool> was_validated(const std::string& name, const document::JsonDocument& document);

  base::Result<std::shared_ptr<const schema::Schema>> schema(const std::string& name);
  base::Result<std::shared_ptr<const rules::Pack>> pack(const std::string& name);

 private:
  // What is made of a name is made once; other names are not kept waiting meanwhile.
  template <typename T>
  class Once {
   public:
    template <typename Make>
    base::Result<std::shared_ptr<const T>> get(const std::string& name, const Make& make) {
      Slot* slot = nullptr;
      {
        const std::lock_guard lock(mutex_);
        slot = &slots_[name];
      }
      std::call_once(slot->once, [&] { slot->made.emplace(make()); });
      return *slot->made;
    }

   private:
    struct Slot {
      std::once_flag once;
      std::optional<base::Result<std::shared_ptr<const T>>> made;
    };
    std::mutex mutex_;
    std::map<std::string, Slot> slots_;
  };

  Resources& resources_;
  Once<schema::Schema> schemas_;
  Once<rules::Pack> packs_;
};

}  // namespace launchgate::suite
