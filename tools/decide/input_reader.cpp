#include "decide/input_reader.hpp"

#include <fmt/format.h>

#include <tuple>

#include "lib/finding/digest.hpp"
#include "lib/io/path.hpp"
#include "lib/suite/check.hpp"

namespace launchgate::decide {
namespace {

constexpr std::uint64_t largest_timeline = 4UL * 1024 * 1024 * 1024;

}  // namespace

base::Result<void> InputReader::read(const InputFiles& files, Inputs& inputs) {
  for (const auto& [role, path, target, kind] :
       {std::tuple("load", &files.load, &inputs.load, "load-report"),
        std::tuple("soak", &files.soak, &inputs.soak, "load-report"),
        std::tuple("quota", &files.quota, &inputs.quota, "load-report"),
        std::tuple("findings", &files.findings, &inputs.findings, "findings")}) {
    if (!*path) continue;
    auto input = take(role, **path, kind);
    if (!input) return input.error();
    *target = std::move(*input);
    if (!*target || std::string_view(kind) != "load-report") continue;
    compare_timeline(**path, **target);
    check_signature(role, **path, inputs.signatures);
  }
  for (const auto& [role, paths, target, kind] : {std::tuple("smoke", &files.smokes, &inputs.smokes, ""),
                                                  std::tuple("lower", &files.lower, &inputs.lower, "go-no-go")}) {
    for (const std::string& path : *paths) {
      auto input = take(role, path, kind);
      if (!input) return input.error();
      if (!*input) continue;
      target->push_back(**input);
      if (std::string_view(role) == "smoke") check_signature(role, path, inputs.signatures);
    }
  }
  if (files.report) read_report(*files.report, inputs);
  for (const std::string& key : verifier_.idle_keys())
    inputs.signatures.problems.push_back(
        fmt::format("the key {} signs none of the results; leave it out, or give the key of who ran them", shown(key)));
  return {};
}

base::Result<suite::Sources::Source> InputReader::text(const std::string& role, const std::string& path) {
  auto text = workspace_.source(workspace_.to_root_relative(path));
  if (text) digests_.push_back({role, shown(path), finding::sha256_hex((*text)->text())});
  return text;
}

base::Result<NamedInput> InputReader::json(const std::string& role, const std::string& path) {
  auto content = text(role, path);
  if (!content) return content.error();
  auto parsed = document::JsonDocument::parse(std::move(*content));
  if (!parsed) return parsed.error();
  kept_.push_back(std::make_unique<document::JsonDocument>(std::move(*parsed)));
  return NamedInput{role, shown(path), kept_.back()->root()};
}

base::Result<std::optional<NamedInput>> InputReader::take(const std::string& role, const std::string& path,
                                                          const std::string& kind) {
  auto input = json(role, path);
  if (!input) {
    refuse(path, input.error());
    return std::optional<NamedInput>();
  }
  if (!kind.empty()) {
    if (auto validated = validate(kind, path); !validated) return validated.error();
  }
  return std::optional<NamedInput>(std::move(*input));
}

void InputReader::compare_timeline(const std::string& path, const NamedInput& report) {
  const std::string timeline = judgement::timeline_path(path);
  if (timeline.empty() || !recompute_) return;
  // What lies beside a report of the repository is the repository's.
  const std::string relative = workspace_.to_root_relative(timeline);
  if (!relative.starts_with('/') && workspace_.path_status(relative) != io::Access::file) return;
  const auto content = workspace_.disk().read(timeline, largest_timeline);
  if (!content) return;
  digests_.push_back({report.role + " timeline", shown(timeline), finding::sha256_hex(*content)});
  evidence::Findings differences;
  judgement::compare_timeline("", report.root, timeline, *content, recompute_, differences);
  for (const finding::Finding& found : differences.all())
    unusable_.push_back(
        fmt::format("{} report: {} [{}] at {}", report.role, found.message, found.rule_id, found.json_pointer));
}

void InputReader::check_signature(const std::string& role, const std::string& path, Signatures& signatures) {
  signatures.keys_given = verifier_.has_keys();
  const std::string name = fmt::format("{} ({})", role, shown(path));
  const std::string envelope = attestation::envelope_path(path);
  const bool is_there = workspace_.disk().status(envelope).kind == io::FileKind::regular;
  if (!is_there || !verifier_.has_keys()) {
    signatures.none.push_back(name);
    return;
  }
  const std::string digest = digests_.back().role == role ? digests_.back().sha256 : "";
  const auto statement = verifier_.open(envelope);
  if (!verifier_.read().empty())
    digests_.push_back({role + " envelope", shown(envelope), verifier_.read().back().sha256});
  if (!statement) {
    signatures.problems.push_back(fmt::format("{}: its envelope {}", name, statement.error().message));
  } else if (!statement->is_about(digest)) {
    signatures.problems.push_back(
        fmt::format("{}: its envelope is about another file; it is not what was signed", name));
  } else {
    signatures.good.push_back(name);
  }
}

base::Result<void> InputReader::validate(const std::string& kind, const std::string& path) {
  suite::Validator validator;
  validator.kinds = {kind};
  validator.kind_of_other_files = kind;
  auto outcome = suite::check_documents(workspace_, validator, {path});
  if (!outcome) return outcome.error();
  for (const finding::Finding& finding : outcome->findings) {
    if (finding.severity == finding::Severity::error)
      unusable_.push_back(fmt::format("{}:{}: {}", shown(path), finding.span.begin.line, finding.message));
  }
  return {};
}

void InputReader::refuse(const std::string& path, const base::Error& error) {
  unreadable_ = unreadable_ || error.category == base::ErrorCategory::input;
  unusable_.push_back(fmt::format("{}: {}", shown(path), error.message));
}

void InputReader::read_report(const std::string& path, Inputs& inputs) {
  auto content = text("report", path);
  if (!content) {
    unreadable_ = true;
    return refuse(path, content.error());
  }
  auto parsed = markdown::MarkdownDocument::parse(std::move(*content));
  if (!parsed) {
    unusable_.push_back(fmt::format("{}: {}", shown(path), parsed.error().message));
    return;
  }
  inputs.report = std::move(*parsed);
}

std::string InputReader::shown(const std::string& path) const {
  const std::string relative = workspace_.to_root_relative(path);
  return relative.starts_with('/') ? std::string(io::file_name(relative)) : relative;
}

}  // namespace launchgate::decide
