#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "lib/base/once_by_name.hpp"
#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/io/file_system.hpp"

namespace launchgate::suite {

// The files of a repository, each read at most once, whoever asks for it: what is judged, shown and masked is the same
// text. For any number of threads.
class Sources {
 public:
  using Source = std::shared_ptr<const base::SourceText>;
  static constexpr std::uint64_t largest_document = 256UL * 1024 * 1024;

  Sources(const io::FileSystem& disk, std::string root) : disk_(disk), root_(std::move(root)) {}

  const io::FileSystem& disk() const { return disk_; }
  const std::string& root() const { return root_; }

  // By a path relative to the root, which may be no more than io::look_up() allows, or by an absolute one, which is a
  // person's word; the first limit counts.
  base::Result<Source> get(const std::string& path, std::uint64_t limit = largest_document) const;
  // By a path that a person named, wherever it leads.
  base::Result<Source> get_named(const std::string& path, std::uint64_t limit = largest_document) const;

 private:
  base::Result<Source> read(const std::string& path, std::uint64_t limit) const;

  const io::FileSystem& disk_;
  std::string root_;
  mutable base::OnceByName<base::SourceText> texts_;  // by path
};

}  // namespace launchgate::suite
