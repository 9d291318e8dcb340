#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "load/compare/statistics.hpp"
#include "load/page/timeline.hpp"

// What moved between two sets of runs, operation by operation and gate by gate.
namespace launchgate::load {

struct ComparedRun {
  std::string path;
  document::JsonValue report;
  const Timeline* timeline = nullptr;
};

enum class Moved : std::uint8_t { unknown, same, better, worse };
std::string_view name(Moved moved);

struct ComparedFigure {
  std::string scope;    // "all requests", a category's title, an operation's name
  std::string kind;     // "all", "category", "operation"
  std::string measure;  // "p95"
  std::string unit;     // "ms", "%", "a second"
  Difference difference;
  Moved moved = Moved::unknown;
  bool regression = false;  // worse by more than is allowed
};

struct GateChange {
  std::string check;
  std::string before;  // pass, fail, "" where it was not judged
  std::string after;
  std::string message;  // of the new run
};

struct ComparedSide {
  std::string profile;
  std::string mode;
  std::string commit;
  std::string started;
  std::string overall;
  std::size_t runs = 0;
};

struct Comparison {
  ComparedSide base;
  ComparedSide fresh;
  std::vector<std::string> remarks;  // what makes the runs hard to compare
  std::vector<ComparedFigure> figures;
  std::vector<GateChange> gates;  // those that changed
  std::optional<double> allowed;  // percent
  std::size_t count(Moved moved) const;
  bool regressed() const;
};

// The level at which all comparisons together claim a difference that is none.
inline constexpr double error_level = 0.006;

Comparison compare(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& fresh,
                   std::optional<double> allowed_percent);
// Decides on what moved, for all figures at once; used by compare().
void judge(std::vector<ComparedFigure>& figures, std::optional<double> allowed_percent);

// For programs.
std::string comparison_json(const Comparison& comparison);
std::string comparison_text(const Comparison& comparison);
std::string comparison_markdown(const Comparison& comparison);
// With the curves of the first run of each side in one chart.
std::string comparison_page(const Comparison& comparison, const ComparedRun& base, const ComparedRun& fresh);

}  // namespace launchgate::load
