#include "lib/suite/sources.hpp"

#include "lib/io/guard.hpp"
#include "lib/io/path.hpp"

namespace launchgate::suite {

base::Result<Sources::Source> Sources::get(const std::string& path, std::uint64_t limit) const {
  return texts_.get(path, [&]() -> base::Result<Source> {
    // What the repository names is relative to the root; an absolute path is a person's word.
    const io::Access access = path.starts_with('/') ? io::Access::file : io::look_up(disk_, root_, path).access;
    if (access == io::Access::special)
      return base::Error{
          base::ErrorCategory::input, path, {}, io::describe(disk_.status(io::join(root_, path)).kind), ""};
    if (access == io::Access::outside || access == io::Access::git)
      return base::Error{base::ErrorCategory::input, path, {}, io::describe(access), ""};
    return read(path, limit);
  });
}

base::Result<Sources::Source> Sources::get_named(const std::string& path, std::uint64_t limit) const {
  return texts_.get(path, [&] { return read(path, limit); });
}

base::Result<Sources::Source> Sources::read(const std::string& path, std::uint64_t limit) const {
  auto text = disk_.read(io::join(root_, path), limit);
  if (!text) return text.error();
  return std::make_shared<const base::SourceText>(path, std::move(*text));
}

}  // namespace launchgate::suite
