#include "launchgate/origins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/document/overlay.hpp"

namespace launchgate::suite_tool {
namespace {

using document::JsonDocument;
using document::Origin;

// "file.json:7", where the member stands; what is built in has no lines that anybody sees.
std::string place(const JsonDocument& document, const std::string& pointer) {
  if (suite::Resources::is_built_in(document)) return base::printable(document.path());
  const auto value = document.at(pointer);
  return value ? fmt::format("{}:{}", base::printable(document.path()), value->span().begin.line)
               : base::printable(document.path());
}

std::string words(const Origin& origin, const JsonDocument& own, const JsonDocument& base) {
  switch (origin.from) {
    case Origin::From::own:
      return "stated in " + place(own, origin.pointer);
    case Origin::From::both:
      return fmt::format("stated in part in {}, the rest from {}", place(own, origin.pointer),
                         base::printable(base.path()));
    case Origin::From::base:
      return "from " + place(base, origin.pointer);
    case Origin::From::left_out:
      return fmt::format("not taken over from {}", place(base, origin.pointer));
  }
  return "";
}

std::string text_of(const suite::Resources::Extension& extension) {
  const JsonDocument& own = *extension.own;
  if (extension.base == nullptr) return fmt::format("{}: extends nothing\n", base::printable(own.path()));
  const JsonDocument& base = *extension.base;
  const std::vector<Origin> origins = document::origins(own, base);
  std::size_t width = 0;
  for (const Origin& origin : origins) width = std::max(width, origin.pointer.size());
  std::string text = fmt::format("{} extends {}\n", base::printable(own.path()), base::printable(base.path()));
  for (const Origin& origin : origins)
    text += fmt::format("  {:<{}}  {}\n", base::printable(origin.pointer), width, words(origin, own, base));
  return text;
}

}  // namespace

std::optional<base::Result<std::string>> origins_text(suite::Workspace& workspace, std::string_view word) {
  const suite::Configuration& configuration = workspace.configuration();
  const bool ladder = word == "ladder";
  if (!ladder && word != "operations") return std::nullopt;
  const std::string& name = ladder ? configuration.tiers : configuration.operations;
  if (!name.ends_with(".json"))
    return base::Result<std::string>(
        fmt::format("{}: built in\n", base::printable((ladder ? workspace.tiers() : workspace.operations()).path())));
  const auto extension = workspace.resources().extension(name);
  if (!extension) return base::Result<std::string>(extension.error());
  return base::Result<std::string>(text_of(*extension));
}

}  // namespace launchgate::suite_tool
