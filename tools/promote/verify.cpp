#include "promote/verify.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "lib/attestation/keys.hpp"
#include "lib/base/hex.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/signing/envelope.hpp"
#include "promote/statement.hpp"

namespace launchgate::promote {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::uint64_t largest_envelope = 64UL * 1024 * 1024;

// What a promotion's statement must say to be one; every text is fit to be shown.
struct Statement {
  std::string tier;
  std::string time;
  bool passed = false;
  std::vector<std::pair<std::string, std::string>> subjects;  // name, SHA-256 in hexadecimal
};

base::Error not_a_promotion(const JsonValue& at, const std::string& message) {
  return {base::ErrorCategory::content, at.document().path(), at.span().begin,
          "the signature is good, but this is no promotion: " + message,
          "only the statements that launchgate-promote --format intoto writes are verified here"};
}

// The text at a place, which must be there; with `wanted`, it must be that.
base::Result<std::string> text_at(const JsonValue& root, const std::string& pointer, std::string_view wanted = {}) {
  const auto value = evidence::find_at(root, pointer);
  if (!value || !value->is(JsonKind::string) || value->string().empty())
    return not_a_promotion(value.value_or(root), "it has no text at " + pointer);
  std::string shown = base::printable(value->string());
  if (!wanted.empty() && value->string() != wanted)
    return not_a_promotion(*value, fmt::format("{} is \"{}\", not \"{}\"", pointer, shown, wanted));
  return shown;
}

base::Result<std::vector<std::pair<std::string, std::string>>> subjects_of(const JsonValue& root) {
  const auto list = root.find("subject");
  if (!list || !list->is(JsonKind::array) || list->size() == 0)
    return not_a_promotion(list.value_or(root), "it is about no image");
  std::vector<std::pair<std::string, std::string>> all;
  for (const JsonValue subject : list->elements()) {
    auto name = text_at(subject, "/name");
    if (!name) return name.error();
    auto digest = text_at(subject, "/digest/sha256");
    if (!digest) return digest.error();
    if (!base::is_hex(*digest, 64)) return not_a_promotion(subject, fmt::format("\"{}\" is no SHA-256", *digest));
    all.emplace_back(*std::move(name), *std::move(digest));
  }
  return all;
}

base::Result<Statement> read_statement(const JsonValue& root) {
  for (const auto& [pointer, wanted] :
       {std::pair("/_type", statement_type), std::pair("/predicateType", predicate_type),
        std::pair("/predicate/verifier/id", verifier_id)}) {
    if (const auto same = text_at(root, pointer, wanted); !same) return same.error();
  }
  Statement statement;
  auto subjects = subjects_of(root);
  if (!subjects) return subjects.error();
  statement.subjects = *std::move(subjects);
  auto tier = text_at(root, "/predicate/" + document::escape_pointer_segment(decision_key) + "/tier");
  if (!tier) return tier.error();
  statement.tier = *std::move(tier);
  auto time = text_at(root, "/predicate/timeVerified");
  if (!time) return time.error();
  statement.time = *std::move(time);
  const auto result = text_at(root, "/predicate/verificationResult");
  if (!result) return result.error();
  if (*result != passed_result && *result != failed_result)
    return not_a_promotion(root, fmt::format("its result is \"{}\"", *result));
  // Two places that could disagree say it.
  const auto decided = text_at(root, "/predicate/" + document::escape_pointer_segment(decision_key) + "/result");
  if (!decided) return decided.error();
  statement.passed = *result == passed_result;
  if (statement.passed != (*decided == promoted_result))
    return not_a_promotion(root, fmt::format("its result is \"{}\", its decision \"{}\"", *result, *decided));
  return statement;
}

}  // namespace

base::Result<cli::ExitCode> verify(cli::Process& process, const std::string& file,
                                   const std::optional<std::string>& key_file) {
  if (!key_file) return cli::usage("--verify needs --key PUB.pem");
  const auto key = attestation::read_public_key(process.disk, *key_file);
  if (!key) return key.error();
  const auto envelope = process.disk.read(file, largest_envelope);
  if (!envelope) return envelope.error();
  const auto payload = signing::open(file, *envelope, *key);
  if (!payload) return payload.error();
  const auto document = document::JsonDocument::parse(file, *payload);
  if (!document) return document.error();
  const auto statement = read_statement(document->root());
  if (!statement) return statement.error();
  process.out.write(fmt::format("signature is good, key {}\n{} at {}: {}\n", key->id().substr(0, 16), statement->tier,
                                statement->time, statement->passed ? passed_result : failed_result));
  for (const auto& [name, digest] : statement->subjects)
    process.out.write(fmt::format("  {} sha256:{}\n", name, digest));
  if (statement->passed) return cli::ExitCode::ok;
  process.err.write(
      "launchgate-promote: error: the signature is good, and what it states is a refusal: nothing was "
      "promoted\n");
  return cli::ExitCode::findings;
}

}  // namespace launchgate::promote
