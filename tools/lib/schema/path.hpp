#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/document/json_document.hpp"

namespace launchgate::schema {

// Where validation stands in the document: a list of steps up to the root, on the stack of the walk.
struct Step {
  enum class Kind : std::uint8_t { root, member, element, key };

  const Step* parent = nullptr;
  Kind kind = Kind::root;
  std::uint32_t depth = 0;
  std::string_view name;    // of a member
  std::uint32_t index = 0;  // of an element
  std::uint32_t key = 0;    // node of a member's key, 0 where it is not known

  Step member(std::string_view member_name, std::uint32_t key_node) const {
    return {this, Kind::member, depth + 1, member_name, 0, key_node};
  }
  Step element(std::uint32_t at) const { return {this, Kind::element, depth + 1, {}, at, 0}; }
  // The name of a member, as a value that a schema speaks about.
  Step key_of_member(std::string_view member_name, std::uint32_t key_node) const {
    return {this, Kind::key, depth + 1, member_name, 0, key_node};
  }
};

// RFC 6901.
std::string pointer_of(const Step& step);

// For messages: the last two names with the indices that go with them, "capacityTargets.concurrentSseStreams",
// "publicArtifacts[3]".
std::string name_of(const Step& step);

}  // namespace launchgate::schema
