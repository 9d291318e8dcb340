#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace launchgate::leaks {

// Something to scan.
struct Target {
  enum class Kind : std::uint8_t {
    file,
    link,
    standard_input,
    blob,
    commit,   // what people wrote into a commit or a tag
    message,  // a file that holds the message of the next commit
    words,    // `disk` itself: the name of a reference, the author of the next commit
  } kind = Kind::file;
  std::string disk;   // path of a file or link
  std::string shown;  // relative to the root where it lies inside
  std::string name;   // the part of the path that is scanned as a name; empty: none
  bool follow = false;
  std::string what;  // the name or the words are, for messages
  // Of a blob, a commit or a tag:
  std::string object;
  std::string type = "blob";
  std::optional<std::string> before;    // only lines that this blob has not are looked at
  std::optional<std::string> ancestor;  // nor this one
  bool blob_is_link = false;
};

}  // namespace launchgate::leaks
