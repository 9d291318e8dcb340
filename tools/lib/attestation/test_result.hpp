#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/file_system.hpp"
#include "lib/signing/keys.hpp"

// The in-toto statement (https://in-toto.io/Statement/v1) of a run, with the predicate test-result v0.1
// (https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md), in a DSSE envelope beside its
// report.
namespace launchgate::attestation {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view predicate_type = "https://in-toto.io/attestation/test-result/v0.1";
inline constexpr std::string_view passed_result = "PASSED";
inline constexpr std::string_view warned_result = "WARNED";
inline constexpr std::string_view failed_result = "FAILED";

// A file by its name, with its SHA-256 in hexadecimal digits.
struct Subject {
  std::string name;
  std::string sha256;
};

// What a run was made from: a resource with a digest, or one that only its name describes.
struct Resource {
  std::string name;
  std::string algorithm;  // of the in-toto digest set: "sha256", "gitCommit"; empty: no digest
  std::string digest;
};

struct TestResult {
  std::string_view result = failed_result;
  std::vector<Subject> subjects;
  std::vector<Resource> configuration;
  std::vector<std::string> passed;
  std::vector<std::string> warned;
  std::vector<std::string> failed;
};

std::string statement_json(const TestResult& result);

// "x.intoto.json" for "x.json".
std::string envelope_path(std::string_view report_path);
// The way back; empty for a name that is no envelope's.
std::string report_path(std::string_view envelope_path);

// Commit and digests as resources; what is none of them ("unknown") is left out.
std::vector<Resource> build_resources(const std::string& commit,
                                      const std::vector<std::pair<std::string, std::string>>& image_digests);

// Signs the statement and writes the envelope beside the report.
base::Result<void> write_envelope(io::FileSystem& disk, const signing::PrivateKey& key, const std::string& report_path,
                                  const TestResult& result);

// What an envelope states, whoever signed it: no proof of anything.
struct Statement {
  std::string result;
  std::vector<Subject> subjects;

  bool is_about(std::string_view sha256) const;
};
base::Result<Statement> read_statement(const std::string& path, const std::string& payload);
base::Result<Statement> read_unverified(const std::string& path, std::string_view envelope);

}  // namespace launchgate::attestation
