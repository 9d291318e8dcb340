#include <re2/re2.h>

#include <array>

#include "lib/base/text.hpp"
#include "lib/rules/formats.hpp"
#include "lib/rules/kinds.hpp"

// `format` and `matches`: strings of a kind. To `format`, values that are no strings are the schema's business.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct Form {
  std::string_view name;
  bool (*fits)(std::string_view);
  std::string_view problem;
  std::string_view remedy;
};

constexpr std::array forms = {
    Form{"rfc3339", is_date_time, "is no RFC 3339 date-time",
         "write it with a time and an offset, such as 2026-03-01T14:30:00Z"},
    Form{"commit-sha", is_varied_commit_sha, "is no full commit SHA",
         "git rev-parse HEAD gives its 40 hexadecimal digits"},
    Form{"image-digest", is_varied_image_digest, "is no image digest", "write sha256: and 64 hexadecimal digits"},
    Form{"checksum", is_varied_checksum, "is no checksum",
         "write sha256: and 64 hexadecimal digits, or artifact: and an immutable id of 8 or more characters"},
    Form{"placeholder-free", [](std::string_view text) { return !is_placeholder(text); }, "is a placeholder",
         "write the value itself"},
    Form{"date", is_date, "is no date", "write YYYY-MM-DD"},
    Form{"non-blank", [](std::string_view text) { return !base::is_blank(text); }, "is blank", ""},
};

std::vector<std::string> form_names() {
  std::vector<std::string> names;
  for (const Form& form : forms) names.emplace_back(form.name);
  return names;
}

struct Format final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  const Form* form = nullptr;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override {
    for (const JsonValue& root : roots_of(at, subject)) {
      at.each(root, [&](const Place& place) {
        if (!place.value.is(JsonKind::string) || form->fits(place.value.string())) return;
        reporter.add(place, shown(place.value) + ' ' + std::string(form->problem), std::string(form->remedy));
      });
    }
    return {};
  }
};

struct Matches final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  std::optional<Pattern> pattern;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override {
    const auto regex = pattern->compiled();
    if (!regex) return regex.error();
    for (const JsonValue& root : roots_of(at, subject)) {
      at.each(root, [&](const Place& place) {
        const std::string_view text = place.value.string();
        if (place.value.is(JsonKind::string) && re2::RE2::PartialMatch({text.data(), text.size()}, **regex)) return;
        reporter.add(place, shown(place.value) + " does not match " + quoted(pattern->text()));
      });
    }
    return {};
  }
};

}  // namespace

JsonRule load_format(Fields& fields) {
  auto rule = std::make_shared<Format>();
  rule->at = fields.pointer("at");
  rule->form = &forms[fields.one_of("as", form_names(), std::nullopt)];
  return rule;
}

JsonRule load_matches(Fields& fields) {
  auto rule = std::make_shared<Matches>();
  rule->at = fields.pointer("at");
  rule->pattern = fields.pattern("pattern");
  return rule;
}

}  // namespace launchgate::rules
