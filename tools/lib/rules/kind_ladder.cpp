#include <map>

#include "lib/document/equality.hpp"
#include "lib/rules/kinds.hpp"

// `ladder`: numbers that may only grow, or only shrink, from one step to the next. A step that lacks the number is
// passed over.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

constexpr std::string_view step_segment = "{step}";

struct Ladder final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  std::vector<std::string> names;
  std::optional<PointerPattern> along;
  bool grow = true;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;

 private:
  std::vector<std::string> steps(const JsonSubject& subject) const;
};

std::vector<std::string> Ladder::steps(const JsonSubject& subject) const {
  if (!along) return names;
  std::vector<std::string> found;
  const auto add = [&](std::string_view name) {
    if (found.empty() || found.back() != name) found.emplace_back(name);
  };
  for (const JsonValue& root : roots_of(*along, subject)) {
    along->each(root, [&](const Place& place) {
      if (place.value.is(JsonKind::string)) {
        add(place.value.string());
      } else if (place.value.is(JsonKind::array)) {
        for (const JsonValue element : place.value.elements()) add(element.string());
      } else {
        for (const auto member : place.value.members()) add(member.name());
      }
    });
  }
  return found;
}

base::Result<void> Ladder::match(const JsonSubject& subject, Reporter& reporter) const {
  const std::vector<std::string> order = steps(subject);
  if (order.empty()) {
    reporter.add({subject.root, std::nullopt, {}, {}}, "there are no steps at " + along->text());
    return {};
  }
  struct Last {
    JsonValue value;
    std::string step;
  };
  for (const JsonValue& root : roots_of(at, subject)) {
    std::map<std::vector<std::string>, Last> last;
    for (const std::string& step : order) {
      at.with(step_segment, step).each(root, [&](const Place& place) {
        if (!place.value.is(JsonKind::number)) return;
        const auto [before, first] = last.try_emplace(place.bound, Last{place.value, step});
        if (first) return;
        const auto compared = document::compare_numbers(place.value.number_text(), before->second.value.number_text());
        if (grow ? compared < 0 : compared > 0) {
          reporter.add(place, shown(place.value) + " at " + quoted(step) + (grow ? " is below " : " is above ") +
                                  shown(before->second.value) + " at " + quoted(before->second.step));
        }
        before->second = {place.value, step};
      });
    }
  }
  return {};
}

}  // namespace

JsonRule load_ladder(Fields& fields) {
  auto rule = std::make_shared<Ladder>();
  rule->at = fields.pointer("at");
  if (!fields.failed() && rule->at.count(step_segment) != 1) {
    fields.refuse(*fields.object().find("at"), "\"at\" must have exactly one segment {step}");
  }
  const auto along = fields.object().find("along");
  if (along && along->is(JsonKind::array)) {
    rule->names = fields.texts("along", true);
    if (!fields.failed() && rule->names.size() < 2) fields.refuse(*along, "\"along\" must name at least two steps");
  } else {
    rule->along = fields.pointer("along");
  }
  rule->grow = fields.one_of("direction", {"grow", "shrink"}, std::nullopt) == 0;
  return rule;
}

}  // namespace launchgate::rules
