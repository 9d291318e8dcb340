#include "lib/attestation/test_result.hpp"

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/io/path.hpp"
#include "lib/signing/envelope.hpp"

namespace launchgate::attestation {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;

constexpr std::string_view json_ending = ".json";
constexpr std::string_view envelope_ending = ".intoto.json";

void digest(JsonWriter& json, std::string_view algorithm, std::string_view value) {
  json.key("digest").begin_object().member(algorithm, value).end_object();
}

base::Error no_result(const std::string& path, std::string message) {
  return {base::ErrorCategory::content,
          path,
          {},
          "states no result of a run: " + std::move(message),
          "launchgate-load --sign-key and launchgate-record run --sign-key write such envelopes"};
}

}  // namespace

std::string statement_json(const TestResult& result) {
  JsonWriter json;
  json.begin_object().member("_type", statement_type).key("subject").begin_array();
  for (const Subject& subject : result.subjects) {
    json.begin_object().member("name", subject.name);
    digest(json, "sha256", subject.sha256);
    json.end_object();
  }
  json.end_array().member("predicateType", predicate_type).key("predicate").begin_object();
  json.member("result", result.result).key("configuration").begin_array();
  for (const Resource& resource : result.configuration) {
    json.begin_object().member("name", resource.name);
    if (!resource.algorithm.empty()) digest(json, resource.algorithm, resource.digest);
    json.end_object();
  }
  json.end_array()
      .member("passedTests", result.passed)
      .member("warnedTests", result.warned)
      .member("failedTests", result.failed);
  json.end_object().end_object();
  return json.take() + "\n";
}

std::string envelope_path(std::string_view report_path) {
  if (report_path.ends_with(json_ending)) report_path.remove_suffix(json_ending.size());
  return std::string(report_path) + std::string(envelope_ending);
}

std::string report_path(std::string_view envelope_path) {
  if (!envelope_path.ends_with(envelope_ending)) return {};
  envelope_path.remove_suffix(envelope_ending.size());
  return std::string(envelope_path) + std::string(json_ending);
}

std::vector<Resource> build_resources(const std::string& commit,
                                      const std::vector<std::pair<std::string, std::string>>& image_digests) {
  std::vector<Resource> resources;
  if (base::is_commit_sha(commit)) resources.push_back({"commit", "gitCommit", base::lower_case(commit)});
  for (const auto& [image, digest] : image_digests) {
    if (base::is_image_digest(digest))
      resources.push_back({image + " image", "sha256", base::lower_case(digest.substr(digest.find(':') + 1))});
  }
  return resources;
}

base::Result<void> write_envelope(io::FileSystem& disk, const signing::PrivateKey& key, const std::string& report_path,
                                  const TestResult& result) {
  return disk.write(envelope_path(report_path), signing::seal(key, signing::in_toto_type, statement_json(result)));
}

bool Statement::is_about(std::string_view sha256) const {
  const std::string wanted = base::lower_case(sha256);
  return std::any_of(subjects.begin(), subjects.end(), [&](const Subject& one) { return one.sha256 == wanted; });
}

base::Result<Statement> read_statement(const std::string& path, const std::string& payload) {
  const auto document = document::JsonDocument::parse(path, payload);
  if (!document) return document.error();
  const JsonValue root = document->root();
  if (root.string_member("_type") != statement_type) return no_result(path, "it is no in-toto statement v1");
  if (root.string_member("predicateType") != predicate_type)
    return no_result(path, "its predicate type is not " + std::string(predicate_type));
  const auto predicate = root.find("predicate");
  Statement statement;
  statement.result = predicate ? predicate->string_member("result") : "";
  if (statement.result != passed_result && statement.result != warned_result && statement.result != failed_result)
    return no_result(path, "its result is none of PASSED, WARNED and FAILED");
  const auto subjects = root.find("subject");
  if (!subjects || !subjects->is(JsonKind::array) || subjects->size() == 0) return no_result(path, "it has no subject");
  for (const JsonValue subject : subjects->elements()) {
    const auto digests = subject.find("digest");
    const std::string_view sha256 = digests ? digests->string_member("sha256") : "";
    if (!base::is_hex(sha256, 64)) return no_result(path, "a subject has no SHA-256");
    statement.subjects.push_back({std::string(subject.string_member("name")), base::lower_case(sha256)});
  }
  return statement;
}

base::Result<Statement> read_unverified(const std::string& path, std::string_view envelope) {
  const auto payload = signing::unverified_payload(path, envelope);
  if (!payload) return payload.error();
  return read_statement(path, *payload);
}

}  // namespace launchgate::attestation
