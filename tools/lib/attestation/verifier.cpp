#include "lib/attestation/verifier.hpp"

#include "lib/finding/digest.hpp"
#include "lib/signing/envelope.hpp"

namespace launchgate::attestation {
namespace {

constexpr std::uint64_t largest_envelope = 16UL * 1024 * 1024;

}  // namespace

base::Result<Statement> Verifier::open(const std::string& path) {
  if (const auto known = opened_.find(path); known != opened_.end()) return known->second;
  const auto envelope = disk_.read(path, largest_envelope);
  if (!envelope) return envelope.error();
  read_.push_back({path, finding::sha256_hex(*envelope)});
  std::optional<base::Error> reason;
  for (const NamedKey& key : keys_) {
    const auto payload = signing::open(path, *envelope, key.key);
    if (!payload) {
      // With several keys, the one that the envelope names has more to say than the others.
      if (!reason || signing::key_id(*envelope) == key.key.id()) reason = payload.error();
      continue;
    }
    auto statement = read_statement(path, *payload);
    if (!statement) return statement.error();
    used_.insert(key.path);
    opened_.emplace(path, *statement);
    return statement;
  }
  if (reason) return *reason;
  return base::Error{base::ErrorCategory::content, path, {}, "no key is given that it could be verified with", ""};
}

std::vector<std::string> Verifier::idle_keys() const {
  std::vector<std::string> idle;
  for (const NamedKey& key : keys_) {
    if (!used_.contains(key.path)) idle.push_back(key.path);
  }
  return idle;
}

void tell_idle_keys(const Verifier& verifier, evidence::Findings& findings) {
  for (const std::string& path : verifier.idle_keys())
    findings.add_file("signature-invalid", "", std::string(path.substr(path.rfind('/') + 1)),
                      "this key signs none of the evidence",
                      "give the public key of who ran the commands, and leave out what is not needed");
}

}  // namespace launchgate::attestation
