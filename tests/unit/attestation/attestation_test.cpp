#include "lib/attestation/test_result.hpp"
#include "lib/attestation/verifier.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/digest.hpp"

using namespace launchgate::attestation;
namespace io = launchgate::io;
namespace signing = launchgate::signing;

namespace {

const std::string digest = launchgate::finding::sha256_hex("report");

// RFC 8032, section 7.1, test 1, as PKCS #8 and as SubjectPublicKeyInfo.
constexpr const char* private_key =
    // launchgate:allow pem-private-key the published test key of RFC 8032
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE "
    "KEY-----\n";

TestResult sample() {
  TestResult result;
  result.result = passed_result;
  result.subjects = {{"run-report.json", digest}};
  result.configuration = build_resources("unknown", {{"cloud", "sha256:" + std::string(64, 'A')}});
  result.passed = {"read-p95"};
  return result;
}

}  // namespace

TEST_CASE("a statement has the fields of its specification") {
  const auto document = launchgate::document::JsonDocument::parse("s", statement_json(sample()));
  REQUIRE(document);
  CHECK(document->at("/_type")->string() == "https://in-toto.io/Statement/v1");
  CHECK(document->at("/predicateType")->string() == "https://in-toto.io/attestation/test-result/v0.1");
  CHECK(document->at("/subject/0/digest/sha256")->string() == digest);
  CHECK(document->at("/predicate/result")->string() == "PASSED");
  CHECK(document->at("/predicate/passedTests/0")->string() == "read-p95");
  CHECK(document->at("/predicate/failedTests")->size() == 0);
  // A commit that is not known is no resource.
  CHECK(document->at("/predicate/configuration")->size() == 1);
  CHECK(document->at("/predicate/configuration/0/digest/sha256")->string() == std::string(64, 'a'));
}

TEST_CASE("an envelope lies beside its report") {
  CHECK(envelope_path("a/x-report.json") == "a/x-report.intoto.json");
  CHECK(envelope_path("x.log") == "x.log.intoto.json");
  CHECK(report_path("a/x-report.intoto.json") == "a/x-report.json");
  CHECK(report_path("a/x.json").empty());
}

TEST_CASE("what is written is opened with its key, and no other") {
  io::MemoryFileSystem disk;
  const auto key = signing::PrivateKey::from_pem("k", private_key);
  REQUIRE(key);
  REQUIRE(write_envelope(disk, *key, "/run-report.json", sample()));
  std::vector<NamedKey> keys;
  keys.push_back({"k.pub", key->public_key()});
  Verifier verifier(disk, std::move(keys));
  CHECK(verifier.idle_keys() == std::vector<std::string>{"k.pub"});
  const auto statement = verifier.open("/run-report.intoto.json");
  REQUIRE(statement);
  CHECK(statement->is_about(digest));
  CHECK_FALSE(statement->is_about(launchgate::finding::sha256_hex("other")));
  CHECK(verifier.idle_keys().empty());
  Verifier without(disk, {});
  CHECK_FALSE(without.open("/run-report.intoto.json"));
  CHECK_FALSE(verifier.open("/missing.intoto.json"));
}

TEST_CASE("statements of other kinds state no result") {
  const std::string good = statement_json(sample());
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return read_statement("s", text);
  };
  CHECK(read_statement("s", good));
  CHECK_FALSE(changed("Statement/v1", "Statement/v0.1"));
  CHECK_FALSE(changed("test-result/v0.1", "test-result/v0.2"));
  CHECK_FALSE(changed("PASSED", "passed"));
  CHECK_FALSE(changed(digest, "12"));
  CHECK_FALSE(changed("\"subject\"", "\"subjects\""));
}

TEST_CASE("paths of keys are separated by colons") {
  CHECK(split_paths("a:b") == std::vector<std::string>{"a", "b"});
  CHECK(split_paths(":a::") == std::vector<std::string>{"a"});
  CHECK(split_paths("").empty());
}
