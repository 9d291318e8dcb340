#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "lib/base/result.hpp"

namespace launchgate::base {

// What is made of a name is made once, whichever thread asks first, failure included; other names are not kept waiting
// meanwhile.
template <typename T>
class OnceByName {
 public:
  using Made = Result<std::shared_ptr<const T>>;

  template <typename Make>
  Made get(const std::string& name, const Make& make) {
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
    std::optional<Made> made;
  };
  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

}  // namespace launchgate::base
