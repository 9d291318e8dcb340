#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/attestation/keys.hpp"
#include "lib/attestation/test_result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/io/file_system.hpp"

// Who measured: the envelopes of runs against the keys that are trusted.
namespace launchgate::attestation {

class Verifier {
 public:
  Verifier(const io::FileSystem& disk, std::vector<NamedKey> keys) : disk_(disk), keys_(std::move(keys)) {}

  bool has_keys() const { return !keys_.empty(); }

  // What the envelope states, when one of the keys signed it; else a `content` error that says why it proves nothing.
  // Remembers the digest of what was read.
  base::Result<Statement> open(const std::string& path);

  // Paths of keys that none of the opened envelopes was signed with.
  std::vector<std::string> idle_keys() const;

  struct File {
    std::string path;
    std::string sha256;
  };
  const std::vector<File>& read() const { return read_; }

  const io::FileSystem& disk() const { return disk_; }

 private:
  const io::FileSystem& disk_;
  std::vector<NamedKey> keys_;
  std::set<std::string> used_;  // paths of keys
  std::map<std::string, Statement> opened_;
  std::vector<File> read_;
};

// Compares the runs of a record's items with what was signed. Paths of envelopes are relative to `folder`.
class RecordSignatures {
 public:
  RecordSignatures(const evidence::Policy& policy, const evidence::Rung& rung, std::string folder, Verifier& verifier,
                   evidence::Findings& findings)
      : policy_(policy), rung_(rung), folder_(std::move(folder)), verifier_(verifier), findings_(findings) {}

  void run(const document::JsonValue& record);
  // Items of which every run is signed.
  const std::set<std::string>& signed_items() const { return signed_; }

 private:
  struct Item;

  void judge(Item& item);
  bool judge_run(Item& item, const document::JsonValue& run, std::string_view sha256);
  bool compare(Item& item, const document::JsonValue& run, const std::string& path, std::string_view report);
  void tell_unsigned(const document::JsonValue& record);

  const evidence::Policy& policy_;
  const evidence::Rung& rung_;
  std::string folder_;
  Verifier& verifier_;
  evidence::Findings& findings_;
  std::set<std::string> signed_;
  std::vector<std::string> unsigned_;  // items, where that is allowed
  bool some_unverified_ = false;       // an envelope is there, but no key
};

// Tells of keys that signed nothing of what was looked at.
void tell_idle_keys(const Verifier& verifier, evidence::Findings& findings);

}  // namespace launchgate::attestation
