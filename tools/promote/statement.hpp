#pragma once

#include <string_view>

#include "lib/attestation/test_result.hpp"

// The words of a promotion's in-toto statement (https://in-toto.io/Statement/v1) with a SLSA verification summary
// (https://slsa.dev/verification_summary/v1) as its predicate: whoever writes one and whoever verifies it use the same.
namespace launchgate::promote {

using attestation::statement_type;
inline constexpr std::string_view predicate_type = "https://slsa.dev/verification_summary/v1";
inline constexpr std::string_view verifier_id = "https://launchgate.dev/launchgate-promote";
inline constexpr std::string_view decision_key = "https://launchgate.dev/decision";
inline constexpr std::string_view passed_result = "PASSED";
inline constexpr std::string_view failed_result = "FAILED";
inline constexpr std::string_view promoted_result = "promoted";
inline constexpr std::string_view refused_result = "refused";

}  // namespace launchgate::promote
