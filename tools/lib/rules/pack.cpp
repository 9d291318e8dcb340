#include "lib/rules/pack.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "lib/base/utf8.hpp"

namespace launchgate::rules {
namespace {

using document::JsonDocument;
using Part = PackIndex::Part;

constexpr std::size_t longest_example = 2000;

// The build has read the pack already.
std::logic_error damaged(const base::Error& error) { return std::logic_error("damaged: " + to_string(error)); }

std::shared_ptr<const JsonDocument> parsed(const std::string& path, std::string text) {
  auto document = JsonDocument::parse(path, std::move(text));
  if (!document) throw damaged(document.error());
  return std::make_shared<const JsonDocument>(std::move(*document));
}

}  // namespace

struct Pack::State {
  struct Slot {
    std::once_flag once;
    std::shared_ptr<const JsonDocument> document;  // of the rule alone
    std::unique_ptr<const Rule> rule;
  };

  std::string path;
  std::shared_ptr<const JsonDocument> document;  // the whole, of a pack that was loaded
  std::string text;                              // else
  std::string bytes;                             // of the index, where the build has not made it
  std::string_view index_bytes;
  PackIndex index;
  std::string name;
  std::vector<std::string> kinds;
  std::once_flag common_once;
  PackReading common;
  std::unique_ptr<Slot[]> slots;

  bool read_index(std::string_view of_text, std::string_view of_index) {
    const auto found = PackIndex::read(of_text, of_index);
    if (!found) return false;
    index_bytes = of_index;
    index = *found;
    name = index.name();
    kinds = index.kinds();
    slots = std::make_unique<Slot[]>(index.size());
    return true;
  }

  // What all rules share.
  const PackReading& shared() {
    std::call_once(common_once, [&] {
      const auto members = parsed(path, index.common());
      std::optional<base::Error> error;
      common.facts = index.facts(0);
      Fields fields(members->root(), "rule pack", error, &common);
      load_common(fields, common);
      if (error) throw damaged(*error);
    });
    return common;
  }

  void read(std::size_t rule, Slot& slot) {
    slot.document = parsed(path, index.bare(rule));
    std::optional<base::Error> error;
    PackReading reading;
    reading.harmless = shared().harmless;
    reading.boundary = shared().boundary;
    reading.facts = index.facts(rule + 1);
    Rule made = load_rule(slot.document->root(), name, {false, false}, reading, error);
    if (error) throw damaged(*error);
    slot.rule = std::make_unique<const Rule>(std::move(made));
  }
};

std::optional<Pack> Pack::open(std::string path, std::string text, std::string_view index) {
  Pack pack;
  pack.state_ = std::make_shared<State>();
  pack.state_->path = std::move(path);
  pack.state_->text = std::move(text);
  if (!pack.state_->read_index(pack.state_->text, index)) return std::nullopt;
  return pack;
}

Pack Pack::loaded(std::string index, std::shared_ptr<const JsonDocument> document, PackReading reading,
                  std::vector<Rule> rules) {
  Pack pack;
  pack.state_ = std::make_shared<State>();
  State& state = *pack.state_;
  state.path = document->path();
  state.bytes = std::move(index);
  state.document = std::move(document);
  if (!state.read_index(state.document->source().text(), state.bytes))
    throw std::logic_error("the index of a pack is not its own");
  std::call_once(state.common_once, [&] { state.common = std::move(reading); });
  for (std::size_t i = 0; i < rules.size(); ++i) {
    State::Slot& slot = state.slots[i];
    std::call_once(slot.once, [&] { slot.rule = std::make_unique<const Rule>(std::move(rules[i])); });
  }
  return pack;
}

const std::string& Pack::name() const { return state_->name; }

std::size_t Pack::size() const { return state_->index.size(); }

std::string Pack::id(std::size_t rule) const {
  std::string full = state_->name;
  full += '/';
  full += state_->index.raw(rule, Part::id);
  return full;
}

std::string_view Pack::kind(std::size_t rule) const { return state_->index.raw(rule, Part::kind); }

finding::RuleInfo Pack::info(std::size_t rule) const {
  const PackIndex& index = state_->index;
  finding::RuleInfo info;
  info.id = id(rule);
  info.severity = finding::severity_from(index.raw(rule, Part::severity)).value_or(finding::Severity::error);
  info.summary = index.text(rule, Part::message);
  info.help = index.text(rule, Part::help);
  info.why = index.text(rule, Part::why);
  const auto example = [&](Part part) {
    const bool is_string = find_kind(kind(rule))->input != Input::json;
    const std::string text = is_string ? index.text(rule, part) : std::string(index.raw(rule, part));
    return std::string(base::utf8_prefix(text, longest_example));
  };
  info.wrong = example(Part::wrong);
  info.right = example(Part::right);
  return info;
}

std::vector<std::string> Pack::keywords(std::size_t rule) const { return state_->index.keywords(rule); }

bool Pack::refers_to(std::string_view kind) const {
  return std::find(state_->kinds.begin(), state_->kinds.end(), kind) != state_->kinds.end();
}

finding::RuleList Pack::list() const {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < size(); ++i) ids.push_back(id(i));
  finding::RuleList list;
  list.add(std::move(ids), [pack = *this] {
    std::vector<finding::RuleInfo> infos;
    for (std::size_t i = 0; i < pack.size(); ++i) infos.push_back(pack.info(i));
    return infos;
  });
  return list;
}

const Rule& Pack::rule(std::size_t index) const {
  State::Slot& slot = state_->slots[index];
  std::call_once(slot.once, [&] { state_->read(index, slot); });
  return *slot.rule;
}

std::vector<const Rule*> Pack::rules() const {
  std::vector<const Rule*> all;
  all.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) all.push_back(&rule(i));
  return all;
}

const std::shared_ptr<const Harmless>& Pack::harmless() const { return state_->shared().harmless; }

std::string_view Pack::index() const { return state_->index_bytes; }

const std::shared_ptr<const JsonDocument>& Pack::document() const { return state_->document; }

Pack Pack::without(const std::vector<std::string>& ids) const {
  Pack less;
  less.state_ = std::make_shared<State>();
  State& state = *less.state_;
  state.path = state_->path;
  state.document = state_->document;
  state.text = state_->text;
  state.bytes = state_->index.only([&](std::size_t rule) {
    const std::string full = id(rule);
    const auto names = [&](const std::string& id) { return full == id || state_->index.raw(rule, Part::id) == id; };
    return std::none_of(ids.begin(), ids.end(), names);
  });
  if (!state.read_index(state.document ? state.document->source().text() : std::string_view(state.text), state.bytes))
    throw std::logic_error("the index of a pack is not its own");
  return less;
}

base::Result<void> check_json(const Rule& rule, const JsonSubject& subject, std::vector<finding::Finding>& findings) {
  const auto* matcher = std::get_if<JsonRule>(&rule.body);
  if (matcher == nullptr) return {};
  Reporter reporter(rule.info, findings);
  return (*matcher)->match(subject, reporter);
}

base::Result<std::vector<finding::Finding>> check_json(const Pack& pack, const JsonSubject& subject) {
  std::vector<finding::Finding> findings;
  for (std::size_t i = 0; i < pack.size(); ++i) {
    if (find_kind(pack.kind(i))->input != Input::json) continue;
    if (auto done = check_json(pack.rule(i), subject, findings); !done) return done.error();
  }
  return findings;
}

}  // namespace launchgate::rules
