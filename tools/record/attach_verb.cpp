#include "record/attach_verb.hpp"

#include <fmt/format.h>

#include "lib/attestation/test_result.hpp"
#include "lib/base/hex.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/path.hpp"
#include "record/attached_report.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;
using cli::usage;

constexpr std::uint64_t largest_file = 1024UL * 1024 * 1024;
constexpr std::uint64_t largest_envelope = 16UL * 1024 * 1024;

// The build that the report names counts; options may name what it leaves open, and may not say otherwise.
base::Result<void> complete(const evidence::Policy& policy, Subject& subject, const Subject& given) {
  if (!base::is_commit_sha(subject.commit)) subject.commit = given.commit;
  if (!given.commit.empty() && base::lower_case(subject.commit) != base::lower_case(given.commit))
    return usage("the report is about commit " + subject.commit + ", not the one given");
  if (subject.commit.empty()) return usage("the report names no commit", "pass --commit-sha");
  for (const std::string& image : policy.images) {
    std::string& digest = subject.digests[image];
    const auto other = given.digests.find(image);
    if (!base::is_image_digest(digest) && other != given.digests.end()) digest = other->second;
    if (!base::is_image_digest(digest))
      return usage(fmt::format("the report names no digest of the {} image", image),
                   "pass --" + image + "-image-digest");
    if (other != given.digests.end() && base::lower_case(other->second) != base::lower_case(digest)) {
      return usage(fmt::format("the report is about {} image {}, not the one given", image, digest));
    }
  }
  return {};
}

}  // namespace

void AttachVerb::describe(cli::OptionSet& options) {
  options_.describe(options);
  options.text("--file", "FILE", file_, "The report: JSON with the report fields, or any file.").completion =
      cli::Completion::file;
  options
      .text("--attestation", "FILE", attestation_,
            "The envelope that --sign-key wrote; by default the one beside the file, where there is one.")
      .completion = cli::Completion::file;
  options.text(
      "--ref", "TEXT", reference_,
      "How the record names the file; by default its path relative to the record, in whose folder it must lie then.");
}

base::Result<std::string> AttachVerb::envelope_of(const cli::Process& process, const Setting& setting,
                                                  const EvidenceTarget& target, const std::string& sha256) const {
  const std::string path = attestation_.value_or(attestation::envelope_path(*file_));
  if (!attestation_ && process.disk.status(path).kind == io::FileKind::missing) return std::string();
  const auto envelope = process.disk.read(path, largest_envelope);
  if (!envelope) return envelope.error();
  const auto statement = attestation::read_unverified(path, *envelope);
  if (!statement) return statement.error();
  if (!statement->is_about(sha256))
    return base::Error{base::ErrorCategory::content,
                       path,
                       {},
                       "is about another file than " + *file_,
                       "attach the report as the run wrote it, with the envelope that was written beside it"};
  if (const auto relative = target.relative(*setting.workspace, path)) return *relative;
  if (reference_) return attestation::envelope_path(*reference_);
  return usage("the envelope lies outside the record's folder", "move it there, beside the report");
}

ExitCode AttachVerb::run(cli::Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  const std::vector<std::string> items = options_.items();
  if (!options_.manifest || items.empty() || !file_) return refuse(usage("--manifest, --item and --file are needed"));
  const auto setting = open_setting(process, options_);
  if (!setting) return refuse(setting.error());
  const evidence::Policy& policy = (*setting)->policy;
  const auto given = given_subject(process, **setting, options_);
  if (!given) return refuse(given.error());
  auto bytes = process.disk.read(*file_, largest_file);
  if (!bytes) return refuse(bytes.error());
  if (base::trim(*bytes).empty())
    return refuse(
        {base::ErrorCategory::content, *file_, {}, "is empty, and so no evidence", "attach what the run left behind"});
  const auto target = EvidenceTarget::open(**setting, *options_.manifest, items);
  if (!target) return refuse(target.error());

  EvidenceTarget::Addition addition;
  addition.sha256 = finding::sha256_hex(*bytes);
  const auto relative = target->relative(*(*setting)->workspace, *file_);
  if (!relative && !reference_)
    return refuse(usage("the file lies outside the record's folder", "move it there, or name it with --ref"));
  addition.evidence = reference_.value_or(relative.value_or(""));
  addition.owner = options_.owner;
  addition.summary = options_.summary;

  const auto report = document::JsonDocument::parse(*file_, std::move(*bytes));
  if (!report && io::file_name(*file_).ends_with(".json")) return refuse(report.error());
  auto attached =
      report ? read_report(policy, *report, (*setting)->committed ? &*(*setting)->committed : nullptr, target->rung())
             : std::nullopt;
  if (attached) {
    if (const auto completed = complete(policy, attached->subject, *given); !completed)
      return refuse(completed.error());
    attached->subject.rung = target->rung();
    attached->run.evidence = addition.evidence;
    attached->run.sha256 = addition.sha256;
    const auto envelope = envelope_of(process, **setting, *target, addition.sha256);
    if (!envelope) return refuse(envelope.error());
    attached->run.attestation = *envelope;
    addition.run = attached->run;
    addition.subject = attached->subject;
  }
  const auto told = target->add(**setting, addition);
  if (!told) return refuse(told.error());
  process.out.write(fmt::format("attached {} sha256:{}{}\n", base::printable(addition.evidence), addition.sha256,
                                attached ? "" : "; it holds no report"));
  if (attached && !attached->run.attestation.empty())
    process.out.write(fmt::format("  signed: {}\n", base::printable(attached->run.attestation)));
  if (attached) {
    for (const std::string& problem : attached->run.problems)
      process.out.write(fmt::format("  no pass: {}\n", (*setting)->guard->redact(base::printable(problem))));
  }
  for (const std::string& line : *told) process.out.write(fmt::format("  {}\n", base::printable(line)));
  return ExitCode::ok;
}

}  // namespace launchgate::record
