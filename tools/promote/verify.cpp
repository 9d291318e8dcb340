#include "promote/verify.hpp"

#include <fmt/format.h>

#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/signing/envelope.hpp"

namespace launchgate::promote {
namespace {

constexpr std::uint64_t largest_key = 64UL * 1024;
constexpr std::uint64_t largest_envelope = 64UL * 1024 * 1024;

}  // namespace

base::Result<cli::ExitCode> verify(cli::Process& process, const std::string& file,
                                   const std::optional<std::string>& key_file) {
  if (!key_file) return cli::usage("--verify needs --key PUB.pem");
  const auto key_text = process.disk.read(*key_file, largest_key);
  if (!key_text) return key_text.error();
  const auto key = signing::PublicKey::from_pem(*key_file, *key_text);
  if (!key) {
    base::Error error = key.error();
    error.category = base::ErrorCategory::usage;
    return error;
  }
  const auto envelope = process.disk.read(file, largest_envelope);
  if (!envelope) return envelope.error();
  const auto payload = signing::open(file, *envelope, *key);
  if (!payload) return payload.error();
  const auto statement = document::JsonDocument::parse(file, *payload);
  if (!statement) return statement.error();
  const auto text = [&](std::string_view pointer) {
    const auto value = statement->at(pointer);
    return value ? base::printable(value->string()) : std::string("?");
  };
  process.out.write(fmt::format("signature is good, key {}\n{} at {}: {}\n", key->id().substr(0, 16),
                                text("/predicate/https:~1~1launchgate.dev~1decision/tier"),
                                text("/predicate/timeVerified"), text("/predicate/verificationResult")));
  for (const auto& subject : statement->at("/subject")->elements()) {
    process.out.write(fmt::format("  {} sha256:{}\n", base::printable(subject.string_member("name")),
                                  base::printable(evidence::string_at(subject, "/digest/sha256"))));
  }
  return cli::ExitCode::ok;
}

}  // namespace launchgate::promote
