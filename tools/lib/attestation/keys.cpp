#include "lib/attestation/keys.hpp"

#include <utility>

namespace launchgate::attestation {
namespace {

constexpr std::uint64_t largest_key = 64UL * 1024;

template <typename Key>
base::Result<Key> read_key(const io::FileSystem& disk, const std::string& path) {
  const auto text = disk.read(path, largest_key);
  if (!text) return text.error();
  auto key = Key::from_pem(path, *text);
  if (key) return key;
  base::Error error = key.error();
  error.category = base::ErrorCategory::usage;
  return error;
}

}  // namespace

base::Result<signing::PrivateKey> read_private_key(const io::FileSystem& disk, const std::string& path) {
  return read_key<signing::PrivateKey>(disk, path);
}

base::Result<signing::PublicKey> read_public_key(const io::FileSystem& disk, const std::string& path) {
  return read_key<signing::PublicKey>(disk, path);
}

base::Result<std::vector<NamedKey>> read_public_keys(const io::FileSystem& disk,
                                                     const std::vector<std::string>& paths) {
  std::vector<NamedKey> keys;
  for (const std::string& path : paths) {
    auto key = read_public_key(disk, path);
    if (!key) return key.error();
    keys.push_back({path, *std::move(key)});
  }
  return keys;
}

std::vector<std::string> split_paths(const std::string& list) {
  std::vector<std::string> paths;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    if (end > at) paths.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return paths;
}

}  // namespace launchgate::attestation
