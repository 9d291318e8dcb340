#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/profile.hpp"
#include "load/core/segment_share.hpp"

namespace launchgate::load {

enum class Mode : std::uint8_t { plan, load, soak };
enum class Pacing : std::uint8_t { targets, shared };
enum class SseMode : std::uint8_t { hold, probe };

std::string_view name(Mode mode);

struct TargetSettings {
  std::string url;  // as given
  bool skipped = false;
  std::string token;  // empty: none
  std::string image_digest = "not-provided";
};

// What a run was made from, as hexadecimal SHA-256; empty where it is not known.
struct MadeFrom {
  std::string version;  // of the tool
  std::string target_profiles;
  std::string catalogue;
};

// What a run was asked for; lists run parallel to those of the catalogue.
struct Settings {
  Mode mode = Mode::load;
  bool strict = false;
  std::int64_t duration_ms = 0;
  std::int64_t concurrency = 1;
  double request_rate = 1;  // per second
  std::int64_t warmup_ms = 0;
  std::int64_t timeout_ms = 10'000;
  Pacing pacing = Pacing::targets;
  SseMode sse_mode = SseMode::hold;
  bool include_mutations = false;
  bool include_sse = false;
  bool include_operator = false;
  bool expect_quota_rejections = false;
  bool verify_tls = true;
  std::vector<TargetSettings> targets;
  std::vector<std::string> variables;                // empty: no value
  std::vector<std::optional<std::uint64_t>> limits;  // none: by default
  std::string commit_sha = "unknown";
  std::uint32_t segment = 1;  // of `segments`, from 1
  std::uint32_t segments = 1;
  bool leaves_part = false;  // to be merged, be it the only segment
  MadeFrom made_from;

  bool is_on(Switch value) const;
  SegmentShare share() const { return {segment - 1, segments}; }
};

// Which package command this run stands for.
const std::string& evidence_command(const Catalogue& catalogue, const Settings& settings);

}  // namespace launchgate::load
