#include "lib/suite/sources.hpp"

#include "lib/io/path.hpp"

namespace launchgate::suite {

base::Result<Sources::Source> Sources::get(const std::string& path, std::uint64_t limit) const {
  return texts_.get(path, [&]() -> base::Result<Source> {
    auto text = disk_.read(io::join(root_, path), limit);
    if (!text) return text.error();
    return std::make_shared<const base::SourceText>(path, std::move(*text));
  });
}

}  // namespace launchgate::suite
