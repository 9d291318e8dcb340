#include <array>

#include "lib/schema/schema.hpp"
#include "lib/schema/violation.hpp"

namespace launchgate::schema {
namespace {

struct ClassInfo {
  Class kind;
  std::string_view name;
  std::string_view summary;
  std::string_view help;
  std::string_view why;
  std::string_view wrong;
  std::string_view right;
};

constexpr std::array classes = {
    ClassInfo{Class::unknown_key, "unknown-key", "a key that the schema does not know",
              "correct the spelling, or take the key out; a key that is really new belongs into the schema first",
              "a misspelt key is a setting that silently does not apply", R"({"owner": "ops", "onwer": "dev"})",
              R"({"owner": "ops"})"},
    ClassInfo{Class::missing_key, "missing-key", "a required key is missing",
              "add the key; the finding says what its value must be",
              "what is not stated cannot be checked, and nobody can tell whether it was meant to be left out",
              R"({"tier": "beta"})", R"({"tier": "beta", "owner": "ops"})"},
    ClassInfo{Class::wrong_type, "wrong-type", "a value is of the wrong JSON type",
              "write the value as the type that the finding names: numbers without quotes, lists in brackets",
              "programs that read the document would convert the value, each in its own way", R"({"limit": "10"})",
              R"({"limit": 10})"},
    ClassInfo{Class::wrong_value, "wrong-value", "a value is none of those allowed",
              "choose one of the values that the finding lists",
              "values outside of the list have no meaning to what reads the document", R"({"status": "acepted"})",
              R"({"status": "accepted"})"},
    ClassInfo{Class::out_of_range, "out-of-range", "a number is outside of its range",
              "choose a number within the limits that the finding names",
              "a target of 0 or below asks for nothing, and one above its limit cannot be reached", R"({"limit": 0})",
              R"({"limit": 1})"},
    ClassInfo{Class::pattern, "pattern", "a string does not have the required form",
              "write the string so that the pattern (RE2) is found in it",
              "identifiers, digests and names are compared literally further on", R"({"digest": "sha256:xyz"})",
              R"({"digest": "sha256:…64 hexadecimal digits…"})"},
    ClassInfo{Class::format, "format", "a string is not of the required format",
              "write the value as the finding describes",
              "dates, addresses and URIs that do not parse are discovered when they are needed",
              R"({"date": "2025-02-29"})", R"({"date": "2024-02-29"})"},
    ClassInfo{Class::size, "size", "a string, list or object is too short or too long",
              "add or remove as many as the finding says",
              "an empty list or text satisfies the letter of a requirement only", R"({"owners": []})",
              R"({"owners": ["ops"]})"},
    ClassInfo{Class::duplicate_item, "duplicate-item", "a list holds a value twice", "take one of the two out",
              "the second was mostly meant to be something else", R"({"owners": ["ops", "ops"]})",
              R"({"owners": ["ops", "dev"]})"},
    ClassInfo{Class::no_variant, "no-variant",
              "a value fits none of the forms that the schema allows, or more than one of them",
              "decide which form is meant; the finding says what each of them wants",
              "what reads the document must be able to tell which form it has before it", R"({"window": {"from": 1}})",
              R"({"window": {"from": 1, "to": 2}})"},
    ClassInfo{Class::not_allowed, "not-allowed",
              "a value is there that the schema forbids, or what a list must contain is not",
              "take the value out, or add what is missing from the list",
              "the schema says so; its description gives the reason",
              R"({"mode": "dry-run", "evidence": "private-pass"})", R"({"mode": "real", "evidence": "private-pass"})"},
    ClassInfo{Class::limit, "limit",
              "validation was stopped, or findings were left out, because there is too much of something",
              "make the document flatter or smaller, or correct the findings shown and check again",
              "what could not be checked within bounds does not pass", "a list nested 10,000 deep", "a list of lists"},
};

}  // namespace

std::string_view name(Class kind) {
  for (const ClassInfo& info : classes) {
    if (info.kind == kind) return info.name;
  }
  return "not-allowed";
}

std::vector<finding::RuleInfo> rule_infos(std::string_view rule_prefix) {
  std::vector<finding::RuleInfo> infos;
  for (const ClassInfo& info : classes) {
    infos.push_back({std::string(rule_prefix) + "/" + std::string(info.name), finding::Severity::error,
                     std::string(info.summary), std::string(info.help), std::string(info.why), std::string(info.wrong),
                     std::string(info.right)});
  }
  return infos;
}

}  // namespace launchgate::schema
