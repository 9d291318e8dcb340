#include "leaks/target_scanner.hpp"

#include <array>
#include <iterator>

#include "leaks/added_lines.hpp"
#include "leaks/commit_text.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::leaks {
namespace {

// Lines as the scanner counts them, whatever the encoding.
std::string as_text(std::string bytes) {
  if (auto converted = secrets::utf16_as_utf8(bytes)) return std::move(*converted);
  if (secrets::sniff(bytes.substr(0, secrets::sniffed)) == secrets::TextKind::utf8_mark) bytes.erase(0, 3);
  return bytes;
}

bool skip(Scanned& out, std::string reason) {
  out.skipped.push_back(std::move(reason));
  return false;
}

secrets::ScanSettings scan_settings(const RunSettings& settings, bool public_safe) {
  secrets::ScanSettings scan;
  scan.salt = settings.salt;
  scan.most = settings.most;
  scan.packs = settings.rules.packs_for(public_safe);
  return scan;
}

}  // namespace

TargetScanner::TargetScanner(const RunSettings& settings)
    : settings_(settings), scanner_(*settings.rules.book, scan_settings(settings, false)) {}

void TargetScanner::scan(std::uint64_t number, const Target& target) {
  if (failure_) return;
  const bool public_safe = settings_.public_safe.contains(target.shown);
  if (public_safe && !public_scanner_) public_scanner_.emplace(*settings_.rules.book, scan_settings(settings_, true));
  secrets::TextScanner& scanner = public_safe ? *public_scanner_ : scanner_;
  Scanned out;
  out.path = target.shown;
  out.shown = target.shown;
  names(target, scanner, out);
  if (failure_) return;
  if (content(target, scanner, out)) yield_.paths.push_back(target.shown);
  if (!out.leaks.empty() || !out.allows.empty() || !out.skipped.empty() || out.error)
    yield_.scanned.emplace_back(number, std::move(out));
}

bool TargetScanner::fail(base::Error error) {
  failure_ = std::move(error);
  return false;
}

bool TargetScanner::skip_large(Scanned& out) const {
  return skip(out, "larger than " + std::to_string(settings_.most_bytes) + " bytes");
}

void TargetScanner::names(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  if (!target.name.empty()) {
    std::string masked;
    auto leaks = scanner.scan_name(target.name, target.shown, "the name of the file", masked);
    if (!leaks) return void(fail(std::move(leaks).error()));
    if (!leaks->empty()) {
      out.shown = target.shown.substr(0, target.shown.size() - target.name.size()) + masked;
      for (secrets::Leak& leak : *leaks) leak.finding.file = out.shown;
      out.leaks = std::move(*leaks);
    }
  }
  if (target.kind != Target::Kind::file && target.kind != Target::Kind::blob) return;
  auto leaks = scanner.scan_path(target.shown, out.shown);
  if (!leaks) return void(fail(std::move(leaks).error()));
  std::move(leaks->begin(), leaks->end(), std::back_inserter(out.leaks));
}

bool TargetScanner::content(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  switch (target.kind) {
    case Target::Kind::file:
      return file(target, scanner, out);
    case Target::Kind::link: {
      const auto where = io::read_link(target.disk);
      return where ? words(*where, "the text of the link", scanner, out) : skip(out, "vanished");
    }
    case Target::Kind::standard_input: {
      io::StandardInput reader;
      const std::uint64_t before = yield_.bytes;
      return text(reader, scanner, out) && (yield_.bytes > before || skip(out, "empty"));
    }
    case Target::Kind::blob:
      return blob(target, scanner, out);
    case Target::Kind::commit:
      return written(target, scanner, out);
    case Target::Kind::message:
      return message(target, scanner, out);
    case Target::Kind::words:
      return words(target.disk, target.what, scanner, out);
  }
  return false;
}

bool TargetScanner::file(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  io::FileStream reader;
  if (auto refusal = reader.open(target.disk, target.follow, last_folder_)) {
    if (!refusal->error) return skip(out, std::move(refusal->reason));
    out.error = std::move(refusal->error);
    out.error->path = out.shown;
    return false;
  }
  if (!too_large(reader.size())) return text(reader, scanner, out);
  std::array<char, secrets::sniffed> start;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto got = reader.read(start.data(), start.size());
  const bool binary = got && secrets::sniff({start.data(), *got}) == secrets::TextKind::binary;
  return binary ? skip(out, "binary") : skip_large(out);
}

bool TargetScanner::words(const std::string& text, const std::string& what, secrets::TextScanner& scanner,
                          Scanned& out) {
  std::string masked;
  auto leaks = scanner.scan_name(text, out.path, what, masked);
  if (!leaks) return fail(std::move(leaks).error());
  for (secrets::Leak& leak : *leaks) {
    leak.finding.file = out.shown;
    out.leaks.push_back(std::move(leak));
  }
  return true;
}

bool TargetScanner::text(secrets::Reader& reader, secrets::TextScanner& scanner, Scanned& out,
                         const std::vector<bool>* added) {
  auto result = scanner.scan(reader, out.path, out.shown);
  if (!result) {
    if (result.error().category == base::ErrorCategory::configuration) return fail(std::move(result).error());
    out.error = std::move(result).error();
    out.error->path = out.shown;
    return false;
  }
  yield_.bytes += result->bytes;
  if (result->keys_unchecked) skip(out, "JSON keys: larger than 32 MiB");
  for (secrets::Leak& leak : result->leaks) {
    if (added == nullptr || touches(*added, leak.finding.span)) out.leaks.push_back(std::move(leak));
  }
  if (added == nullptr) out.allows = std::move(result->allows);
  out.more = result->more;
  return result->binary ? skip(out, "binary") : true;
}

base::Result<std::string> TargetScanner::whole_blob(const std::string& object) {
  const auto size = stream_->request(object);
  if (!size) return size.error();
  if (too_large(*size)) return std::string();
  return secrets::read_all(*stream_);
}

// None: all of it counts.
base::Result<std::optional<std::vector<bool>>> TargetScanner::added_by(const Target& target) {
  std::optional<std::vector<bool>> added;
  if (!target.before && !target.ancestor) return added;
  // The change is looked at, not the file: both contents are needed.
  auto whole = whole_blob(target.object);
  if (!whole) return whole.error();
  const std::string after = as_text(std::move(*whole));
  for (const auto& old : {target.before, target.ancestor}) {
    if (!old) continue;
    auto before = whole_blob(*old);
    if (!before) return before.error();
    const std::vector<bool> lines = added_lines(as_text(std::move(*before)), after);
    if (!added) added = lines;
    for (std::size_t i = 0; i < lines.size(); ++i) (*added)[i] = (*added)[i] && lines[i];
  }
  return added;
}

bool TargetScanner::blob(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  if (!open_stream(out)) return false;
  const auto added = added_by(target);
  if (!added) return unreadable(added.error(), out);
  const auto size = stream_->request(target.object);
  if (!size) return unreadable(size.error(), out);
  if (too_large(*size)) return skip_large(out);
  if (!target.blob_is_link) {
    const bool read = text(*stream_, scanner, out, *added ? &**added : nullptr);
    if (out.error) stream_.reset();
    return read;
  }
  auto where = secrets::read_all(*stream_);
  if (!where) return unreadable(std::move(where).error(), out);
  return words(*where, "the text of the link", scanner, out);
}

bool TargetScanner::open_stream(const Scanned& out) {
  if (stream_) return true;
  auto opened = settings_.open_blobs();
  if (opened) {
    stream_.emplace(std::move(*opened));
    return true;
  }
  opened.error().path = out.shown;
  return fail(std::move(opened).error());
}

// Git ends where an object is damaged, and starts anew for the next.
bool TargetScanner::unreadable(base::Error error, Scanned& out) {
  if (!error.help.empty()) error.message += "; " + error.help;
  error.path = out.shown;
  out.error = std::move(error);
  stream_.reset();
  return false;
}

bool TargetScanner::written(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  if (!open_stream(out)) return false;
  const auto size = stream_->request(target.object, target.type);
  if (!size) return unreadable(size.error(), out);
  auto whole = secrets::read_all(*stream_);
  if (!whole) return unreadable(std::move(whole).error(), out);
  const std::string own = written_text(*whole);
  secrets::MemoryReader reader(own);
  return text(reader, scanner, out);
}

bool TargetScanner::message(const Target& target, secrets::TextScanner& scanner, Scanned& out) {
  io::FileStream file;
  if (auto refusal = file.open(target.disk, true, last_folder_)) {
    if (!refusal->error) return skip(out, std::move(refusal->reason));
    return unreadable(std::move(*refusal->error), out);
  }
  auto whole = secrets::read_all(file);
  if (!whole) return unreadable(std::move(whole).error(), out);
  const std::string own = message_text(*whole);
  secrets::MemoryReader reader(own);
  return text(reader, scanner, out);
}

}  // namespace launchgate::leaks
