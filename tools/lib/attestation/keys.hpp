#pragma once

#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/file_system.hpp"
#include "lib/signing/keys.hpp"

namespace launchgate::attestation {

// A file that holds no key of its kind is wrong use, one that cannot be read an `input` error. Nothing of a private key
// is ever quoted.
base::Result<signing::PrivateKey> read_private_key(const io::FileSystem& disk, const std::string& path);
base::Result<signing::PublicKey> read_public_key(const io::FileSystem& disk, const std::string& path);

struct NamedKey {
  std::string path;
  signing::PublicKey key;
};
base::Result<std::vector<NamedKey>> read_public_keys(const io::FileSystem& disk, const std::vector<std::string>& paths);

// The paths of a variable that names several, separated by ':'.
std::vector<std::string> split_paths(const std::string& list);

}  // namespace launchgate::attestation
