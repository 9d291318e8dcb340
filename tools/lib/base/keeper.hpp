#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace launchgate::base {

// Owns what nobody needs to take apart sooner. A process that ends without destroying its keeper gives all of it back
// to the kernel at once, where one destructor after the other takes as long as a small check.
class Keeper {
 public:
  Keeper() = default;
  Keeper(Keeper&&) = default;
  Keeper& operator=(Keeper&&) = delete;
  ~Keeper() {
    while (!kept_.empty()) kept_.pop_back();  // what came later may refer to what came before
  }

  template <typename T>
  T& keep(T value) {
    return keep(std::make_unique<T>(std::move(value)));
  }
  template <typename T>
  T& keep(std::unique_ptr<T> value) {
    T& kept = *value;
    kept_.push_back(std::shared_ptr<T>(std::move(value)));
    return kept;
  }

 private:
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace launchgate::base
