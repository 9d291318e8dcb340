#include "launchgate/product_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::suite_tool {
namespace {

// What a first profile asks for; a person sets it right. Tiers beyond the third ask for what the third does.
struct Scale {
  int duration_ms;
  int soak_ms;
  int concurrency;
  int rate;
  int reads_per_minute;
  double errors;
  double operation_errors;
  int p95_ms;
};
constexpr std::array<Scale, 3> scales = {{{120000, 1800000, 4, 2, 120, 0.02, 0.05, 1200},
                                          {300000, 14400000, 12, 6, 360, 0.01, 0.03, 750},
                                          {600000, 28800000, 40, 20, 1200, 0.005, 0.02, 500}}};

std::string quoted(std::string_view text) { return document::json_quoted(text); }

bool has_word(const std::string& name, std::string_view word) {
  const std::vector<std::string> words = words_of(name);
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The mode of the run that proves an item; empty: no run of the load engine does.
std::string mode_of(const std::string& item) {
  return has_word(item, "soak") ? "soak" : has_word(item, "load") ? "load" : "";
}

std::string command_of(const Product& product, const std::string& item) {
  std::string command = command_for(item, product.commands);
  if (!command.empty()) return command;
  const std::string mode = mode_of(item);
  return mode.empty() ? "{command of " + item + "}" : "launchgate-load --mode " + mode + " --strict";
}

std::string list(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + quoted(text);
  return '[' + joined + ']';
}

std::string lines(const std::vector<std::string>& elements) {
  std::string joined;
  for (const std::string& element : elements) joined += (joined.empty() ? "    " : ",\n    ") + element;
  return joined;
}

std::string ladder(const Product& product) {
  std::vector<std::string> rungs;
  for (std::size_t i = 0; i < product.tiers.size(); ++i) {
    const std::string name = quoted(product.tiers[i]);
    const bool hosted = i > 0;
    const bool top = hosted && i + 1 == product.tiers.size() && product.tiers.size() > 2;
    rungs.push_back(
        fmt::format(R"({{"claim": {0}, "matrixTier": {0}, "evidenceProfile": {0}, "recordTier": {1}, "hosted": {2},)"
                    "\n     "
                    R"("requirePins": {3}, "maxAgeDays": {4}, "requiresBelow": {2}}})",
                    name, hosted ? name : "null", hosted, top, top ? "90" : "null"));
  }
  std::vector<std::string> items;
  for (const std::string& item : product.items) {
    if (const std::string mode = mode_of(item); !mode.empty())
      items.push_back(fmt::format(R"({}: {{"figures": {}}})", quoted(item), quoted(mode)));
  }
  return fmt::format(R"({{
  "$comment": "Decide: which tiers are hosted, which need pinned digests, and how old their evidence may be. `launchgate explain ladder` shows what is inherited.",
  "extends": "builtin",
  "acceptedTier": {},
  "ladder": [
{}
  ],
  "profiles": {},
  "images": [{}],
  "items": {{
{}
  }}
}}
)",
                     quoted(product.tiers.front()), lines(rungs), list(product.tiers), quoted(product.name),
                     lines(items));
}

std::string targets(const Product& product) {
  std::vector<std::string> profiles;
  for (std::size_t i = 0; i < product.tiers.size(); ++i) {
    const Scale& scale = scales[std::min(i, scales.size() - 1)];
    profiles.push_back(fmt::format(R"({}: {{
      "durationMs": {}, "soakDurationMs": {}, "concurrency": {}, "requestRatePerSecond": {},
      "capacityTargets": {{"readsPerMinute": {}}},
      "thresholds": {{"maxOverallErrorRate": {}, "maxOperationErrorRate": {}, "p95ReadLatencyMs": {}}}
    }})",
                                   quoted(product.tiers[i]), scale.duration_ms, scale.soak_ms, scale.concurrency,
                                   scale.rate, scale.reads_per_minute, scale.errors, scale.operation_errors,
                                   scale.p95_ms));
  }
  return fmt::format(R"({{
  "$comment": "Decide: how long each gate runs, how much it asks for, and what must be kept. No number may loosen from one tier to the next.",
  "schemaVersion": 1,
  "profiles": {{
{}
  }}
}}
)",
                     lines(profiles));
}

std::string matrix(const Product& product) {
  std::vector<std::string> tiers;
  for (std::size_t i = 0; i < product.tiers.size(); ++i) {
    const std::string_view status = i == 0   ? "accepted-public"
                                    : i == 1 ? "requires-private-ops-evidence"
                                             : "not-claimed";
    tiers.push_back(fmt::format(R"({}: {{"claimStatus": {}}})", quoted(product.tiers[i]), quoted(status)));
  }
  std::vector<std::string> items;
  for (const std::string& item : product.items) {
    items.push_back(fmt::format(R"({}: {{"requiredCommands": [{}], "passCondition": {}}})", quoted(item),
                                quoted(command_of(product, item)), quoted("{when " + item + " passes}")));
  }
  std::string text = lines(items);
  for (std::size_t at = 0; (at = text.find("\n    ", at)) != std::string::npos; at += 7) text.insert(at + 1, "  ");
  return fmt::format(R"({{
  "$comment": "Decide: which command proves each item, and when it passes.",
  "schemaVersion": 1,
  "acceptedPublicTier": {},
  "tiers": {{
{}
  }},
  "privateBetaEvidenceItems": {{
    "items": {{
  {}
    }}
  }}
}}
)",
                     quoted(product.tiers.front()), lines(tiers), text);
}

std::string record(const Product& product) {
  std::vector<std::string> items;
  for (const std::string& item : product.items) {
    items.push_back(fmt::format(
        R"({{"id": {}, "blockingForPrivateBeta": true, "status": "pending-private-evidence", "command": {},)"
        "\n     "
        R"("privateEvidenceRef": "{{where}}", "publicRedactedSummary": "{{summary}}", "checksum": "{{checksum}}", "owner": "{{role}}"}})",
        quoted(item), quoted(command_of(product, item))));
  }
  return fmt::format(R"({{
  "$comment": "Nothing is to be filled in here: `launchgate-record init` makes private records from it.",
  "schemaVersion": 1,
  "scope": "public-template-only",
  "targetTier": {},
  "requiredReportFields": [
    "command", "evidenceCommands", "commitSha", "imageDigests", "sanitizedEnvironmentProfile", "startedAt", "finishedAt", "durationMs", "status"
  ],
  "requiredEvidence": [
{}
  ]
}}
)",
                     quoted(product.tiers[product.tiers.size() > 1 ? 1 : 0]), lines(items));
}

std::string name_of_route(const std::string& path) {
  std::string name;
  for (const std::string& word : words_of(path)) name += (name.empty() ? "" : "-") + word;
  return name.empty() ? "root" : name;
}

bool is_health(const std::string& path) {
  return has_word(path, "health") || has_word(path, "healthz") || has_word(path, "ready") || has_word(path, "readyz") ||
         has_word(path, "livez") || has_word(path, "live");
}

struct Operations {
  std::vector<std::string> lines;
  std::string probe;
  std::vector<std::string> left_out;
};

Operations operations(const Product& product) {
  Operations made;
  std::vector<Route> routes;
  if (product.api) routes = product.api->routes;
  if (routes.empty()) routes.push_back({"GET", "/", "the first page"});
  std::vector<std::string> names;
  for (const Route& route : routes) {
    const std::string name = name_of_route(route.path);
    const bool plain = route.method == "GET" && route.path.find('{') == std::string::npos;
    if (!plain || std::find(names.begin(), names.end(), name) != names.end()) {
      made.left_out.push_back(route.method + ' ' + route.path);
      continue;
    }
    names.push_back(name);
    if (made.probe.empty() || is_health(route.path)) made.probe = name;
    made.lines.push_back(fmt::format(
        R"({{"name": {}, "title": {}, "target": {}, "category": "{}", "auth": "none",)"
        "\n     "
        R"("request": {{"method": "GET", "path": {}}}, "response": "text", "accepts": {{"success": [200]}}, "when": {{}}{}}})",
        quoted(name), quoted(route.title.empty() ? "GET " + route.path : route.title), quoted(product.name),
        is_health(route.path) ? "health" : "read", quoted(route.path), is_health(route.path) ? "" : R"(,
     "rate": {"capacityTarget": "readsPerMinute", "per": "minute"})"));
  }
  return made;
}

std::string catalogue(const Product& product) {
  Operations made = operations(product);
  std::string comment = "Decide: what people, clients and operators ask for.";
  if (!made.left_out.empty()) {
    comment += " Left out, since they write, or need an id: ";
    for (const std::string& one : made.left_out) comment += (comment.ends_with(": ") ? "" : ", ") + one;
    comment += "; docs/tools/launchgate-load.md of Launchgate shows how to add them.";
  }
  std::string commands;
  for (const std::string& item : product.items) {
    const std::string mode = mode_of(item);
    const std::string member = mode + "Strict";
    if (!mode.empty() && commands.find(quoted(member)) == std::string::npos)
      commands += (commands.empty() ? "" : ", ") + quoted(member) + ": " + quoted(command_of(product, item));
  }
  const std::string server =
      product.api && !product.api->server.empty() ? product.api->server : "http://127.0.0.1:8080";
  return fmt::format(R"({{
  "$comment": {},
  "extends": "builtin",
  "catalogue": {},
  "title": {},
  "description": {},
  "defaultProfile": {},
  "evidenceCommands": {{{}}},
  "targets": {{
    {}: {{"title": "Service", "defaultUrl": {}, "urlKey": "serviceUrl", "probe": {}}}
  }},
  "operations": [
{}
  ]
}}
)",
                     quoted(comment), quoted(product.name), quoted(product.name),
                     quoted("What is asked of " + product.name + "."), quoted(product.tiers.front()), commands,
                     quoted(product.name), quoted(server), quoted(made.probe), lines(made.lines));
}

std::string environment_prefix(const std::string& name) {
  const std::string prefix = base::environment_name(name);
  return (base::is_digit(prefix.front()) ? "P" : "") + prefix + '_';
}

std::string configuration(const Product& product) {
  std::vector<std::string> documents;
  const auto add = [&](const std::string& path, std::string_view kind, std::string_view more) {
    documents.push_back(fmt::format(R"({{"path": {}, "kind": {}{}}})", quoted(path), quoted(kind), more));
  };
  const std::string folder = std::string(product_folder) + '/';
  add(folder + "targets.json", "target-profiles", R"(, "publicSafe": true)");
  add(folder + "matrix.json", "evidence-matrix", R"(, "publicSafe": true)");
  add(folder + "record.template.json", "evidence-record", R"(, "publicSafe": true)");
  for (const FoundDocument& found : product.documents)
    add(found.binding.path, found.binding.kind.name, found.binding.public_safe ? R"(, "publicSafe": true)" : "");
  return fmt::format(R"({{
  "schemaVersion": 1,
  "environmentPrefix": {},
  "tiers": {},
  "operations": {},
  "documents": [
{}
  ]
}}
)",
                     quoted(environment_prefix(product.name)), quoted(folder + "tiers.json"),
                     quoted(folder + "operations.json"), lines(documents));
}

}  // namespace

std::vector<ProductFile> product_files(const Product& product) {
  const std::string folder = std::string(product_folder) + '/';
  return {{folder + "tiers.json", ladder(product)},         {folder + "targets.json", targets(product)},
          {folder + "matrix.json", matrix(product)},        {folder + "record.template.json", record(product)},
          {folder + "operations.json", catalogue(product)}, {"launchgate.json", configuration(product)}};
}

}  // namespace launchgate::suite_tool
