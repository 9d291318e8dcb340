#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/options.hpp"
#include "lib/io/file_system.hpp"
#include "load/core/catalogue.hpp"
#include "load/core/profile.hpp"
#include "load/core/settings.hpp"

namespace launchgate::load {

// What the command line and the environment say; lists run parallel to those of the catalogue.
struct Options {
  struct Target {
    std::optional<std::string> url;
    std::optional<std::string> token;
    std::optional<std::string> token_file;
    std::optional<std::string> image_digest;
    bool skip = false;
    bool token_typed = false;  // on the command line, not in the environment
    bool token_file_typed = false;
  };

  std::optional<std::string> root, config, schemas, rules;
  std::optional<std::string> operations;
  std::string mode = "load";
  bool plan = false;
  std::optional<std::string> targets_file;
  std::optional<std::string> profile;
  bool strict = false;
  std::vector<Target> targets;
  std::optional<std::string> commit_sha;
  std::optional<std::int64_t> duration_ms, concurrency, timeout_ms, warmup_ms;
  std::optional<double> request_rate;
  std::optional<std::string> output_dir;
  bool include_mutations = false, include_sse = false, include_operator = false;
  bool expect_quota_rejections = false;
  std::vector<std::optional<std::int64_t>> limits;
  std::vector<std::optional<std::string>> variables;
  std::optional<std::string> cacert;
  bool insecure = false;
  std::optional<std::string> proxy;
  std::string pacing = "targets";
  std::string sse = "hold";
  std::optional<std::string> recover;
  std::optional<std::string> report_from;
  std::optional<std::string> live_html;
  std::optional<std::string> prometheus;
  std::optional<std::string> segment;    // "I/N"
  std::optional<std::int64_t> segments;  // of a job that tells which of them this is
  std::optional<std::string> start_at;
  bool merge = false, allow_missing = false;
  std::string emit;  // for which engine; empty: for none
  bool compare = false;
  std::vector<std::string> runs;  // to compare or to merge
  std::optional<std::int64_t> base;
  std::optional<double> fail_on_regression;
  std::string compare_format = "text";
  std::optional<std::string> html;
  std::vector<std::string> formats;
  std::optional<std::string> sign_key;
  bool sign_key_typed = false;

  // `environment_prefix` as the suite's configuration has it; LAUNCHGATE_… works beside it.
  void describe(cli::OptionSet& set, const Catalogue& catalogue, const std::string& environment_prefix);
  Mode chosen_mode() const;

  class Names;  // of environment variables

 private:
  void describe_gate(cli::OptionSet& set, const Catalogue& catalogue, const Names& env);
  void describe_run(cli::OptionSet& set, const Catalogue& catalogue, const Names& env);
  void describe_catalogue(cli::OptionSet& set, const Catalogue& catalogue, const Names& env);
  void describe_transport(cli::OptionSet& set, const Names& env);
  void describe_segments(cli::OptionSet& set, const Names& env);
  void describe_repository(cli::OptionSet& set, const Names& env);
};

// The settings of a run. Reads token files; errors are `usage` errors but for a file that cannot be read.
base::Result<Settings> make_settings(const Options& options, const Catalogue& catalogue, const Profile& profile,
                                     const io::FileSystem& disk, std::string commit_sha);

}  // namespace launchgate::load
