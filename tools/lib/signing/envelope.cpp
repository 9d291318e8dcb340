#include "lib/signing/envelope.hpp"

#include "lib/signing/base64.hpp"

namespace launchgate::signing {
namespace {

std::string write(std::string_view type, std::string_view payload, std::string_view key_id,
                  std::string_view signature) {
  // None of these needs JSON escapes.
  return "{\n  \"payloadType\": \"" + std::string(type) + "\",\n  \"payload\": \"" + to_base64(payload) +
         "\",\n  \"signatures\": [\n    {\n      \"keyid\": \"" + std::string(key_id) + "\",\n      \"sig\": \"" +
         to_base64(signature) + "\"\n    }\n  ]\n}\n";
}

// The text between `before` and the next quotation mark.
std::string_view between(std::string_view text, std::string_view before) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find('"'));
}

}  // namespace

std::string pre_authentication(std::string_view type, std::string_view payload) {
  return "DSSEv1 " + std::to_string(type.size()) + " " + std::string(type) + " " + std::to_string(payload.size()) +
         " " + std::string(payload);
}

std::string seal(const PrivateKey& key, std::string_view type, std::string_view payload) {
  return write(type, payload, key.public_key().id(), key.sign(pre_authentication(type, payload)));
}

std::string_view key_id(std::string_view envelope) { return between(envelope, "\"keyid\": \""); }

base::Result<std::string> unverified_payload(const std::string& path, std::string_view envelope) {
  if (auto payload = from_base64(between(envelope, "\"payload\": \"")); payload && !payload->empty())
    return *std::move(payload);
  return base::Error{base::ErrorCategory::content, path, {}, "is no signed envelope", ""};
}

base::Result<std::string> open(const std::string& path, std::string_view envelope, const PublicKey& key) {
  const auto refuse = [&](std::string message) {
    return base::Error{base::ErrorCategory::content, path, {}, std::move(message), ""};
  };
  const auto payload = from_base64(between(envelope, "\"payload\": \""));
  const auto signature = from_base64(between(envelope, "\"sig\": \""));
  const std::string_view named = key_id(envelope);
  if (!payload || !signature || named.empty()) return refuse("is no signed envelope, or was changed");
  if (named != key.id()) return refuse("is signed by another key");
  if (write(in_toto_type, *payload, named, *signature) != envelope) return refuse("was changed after it was signed");
  if (!key.verify(pre_authentication(in_toto_type, *payload), *signature))
    return refuse("was changed after it was signed, or the signature is not the key's");
  return *payload;
}

}  // namespace launchgate::signing
