#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace launchgate::load {

// What one event says about its place: the group that is numbered, and the number.
struct EventPlace {
  static constexpr std::uint32_t whole_stream = 0xFFFFFFFFU;
  std::uint32_t group = whole_stream;
  std::uint32_t number = 0;
};

// Finds the place of an event in its JSON data. Thousands of streams receive the same bytes, so recent data are
// remembered.
class EventPlaces {
 public:
  static constexpr std::uint32_t most_groups = 65'536;

  EventPlaces(std::string group_pointer, std::string number_pointer)
      : group_pointer_(std::move(group_pointer)), number_pointer_(std::move(number_pointer)), recent_(1024) {}

  enum class Reading : std::uint8_t { placed, without_place, malformed };
  Reading read(std::string_view data, EventPlace& place);
  std::uint32_t groups() const { return static_cast<std::uint32_t>(groups_.size()); }

 private:
  struct Remembered {
    std::string data;
    Reading reading = Reading::malformed;
    EventPlace place;
  };
  Reading parse(std::string_view data, EventPlace& place);

  std::string group_pointer_;
  std::string number_pointer_;
  std::unordered_map<std::string, std::uint32_t> groups_;
  std::vector<Remembered> recent_;
};

// The last number seen of each group on one stream: 4 bytes a group.
class SequenceCheck {
 public:
  enum class Step : std::uint8_t { first, next, gap, duplicate };
  // `missing` receives how many numbers a gap has skipped.
  Step add(const EventPlace& place, std::uint32_t& missing);
  void forget() {
    last_ = {};
    whole_ = 0;
  }
  std::size_t cells() const { return last_.size(); }

 private:
  static Step step(std::uint32_t& last, std::uint32_t number, std::uint32_t& missing);

  std::vector<std::uint32_t> last_;  // number + 1; 0: not seen
  std::uint32_t whole_ = 0;
};

}  // namespace launchgate::load
