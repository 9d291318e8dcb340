#pragma once

#include <cstddef>
#include <functional>

namespace launchgate::base {

// Calls task(0) … task(count - 1), each once, on as many threads as there are processors, the calling one among them, and returns when all are done.
// Tasks are begun in their order and must not depend on each other; results belong in slots by index, so that nothing depends on which ends first.
// Of the exceptions that tasks throw, that of the lowest index is thrown again here. `most_threads` 0: no limit of the caller's.
void for_each_parallel(std::size_t count, const std::function<void(std::size_t)>& task, std::size_t most_threads = 0);

}  // namespace launchgate::base
