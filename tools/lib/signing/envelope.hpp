#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/signing/keys.hpp"

// Dead Simple Signing Envelope, version 1 (https://github.com/secure-systems-lab/dsse), with one signature.
namespace launchgate::signing {

inline constexpr std::string_view in_toto_type = "application/vnd.in-toto+json";

// What is signed: "DSSEv1", the type and the payload, each with its length.
std::string pre_authentication(std::string_view type, std::string_view payload);

// {"payloadType": …, "payload": base64, "signatures": [{"keyid": …, "sig": base64}]}, in one spelling only, with a line
// break at the end.
std::string seal(const PrivateKey& key, std::string_view type, std::string_view payload);

// The payload, when the envelope is byte for byte what seal() wrote for it and the signature is the key's; else a
// `content` error.
base::Result<std::string> open(const std::string& path, std::string_view envelope, const PublicKey& key);

// For messages only: what an envelope holds and which key it names, whoever made it.
base::Result<std::string> unverified_payload(const std::string& path, std::string_view envelope);
std::string_view key_id(std::string_view envelope);

}  // namespace launchgate::signing
