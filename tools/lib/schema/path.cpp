#include "lib/schema/path.hpp"

#include <algorithm>
#include <vector>

#include "lib/base/ascii.hpp"
#include "lib/schema/wording.hpp"

namespace launchgate::schema {
namespace {

bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return base::is_alnum(c) || c == '_' || c == '-' || c == '$'; });
}

}  // namespace

std::string pointer_of(const Step& step) {
  std::vector<const Step*> steps;
  for (const Step* at = &step; at->parent != nullptr; at = at->parent) steps.push_back(at);
  std::string text;
  for (auto at = steps.rbegin(); at != steps.rend(); ++at) {
    text += '/';
    text += (*at)->kind == Step::Kind::element ? std::to_string((*at)->index)
                                               : document::escape_pointer_segment((*at)->name);
  }
  return text;
}

std::string name_of(const Step& step) {
  if (step.kind == Step::Kind::key) {
    const std::string outer = step.parent->parent == nullptr ? "" : " of " + name_of(*step.parent);
    return "the key " + quoted(step.name) + outer;
  }
  if (step.parent == nullptr) return "the document";
  std::string text;
  int names = 0;
  for (const Step* at = &step; at->parent != nullptr && names < 2; at = at->parent) {
    if (!text.empty() && text[0] != '[') text.insert(0, ".");
    if (at->kind == Step::Kind::element) {
      text.insert(0, "[" + std::to_string(at->index) + "]");
      continue;
    }
    text.insert(0, is_plain(at->name) && at->name.size() <= longest_shown ? std::string(at->name) : quoted(at->name));
    ++names;
  }
  return names == 0 ? "element " + text : text;
}

}  // namespace launchgate::schema
