#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/validator/references.hpp"

// The matrix and the record template against the ladder, and against each other.
namespace launchgate::validator {
namespace {

using document::JsonValue;

Names record_ids(const References& references) {
  Names ids;
  const auto items = references.placed(references.record, "record", "items");
  const auto id = references.word("record", "id");
  if (!items || !id) return ids;
  for (const JsonValue item : items->elements()) {
    if (const auto own = item.document().at(item.pointer() + std::string(id->string())))
      ids.emplace_back(own->string());
  }
  return ids;
}

}  // namespace

void check_matrix_references(References& references) {
  const auto items = references.placed(references.matrix, "matrix", "items");
  const auto categories = references.placed(references.matrix, "matrix", "categories");
  const auto commands = references.word("matrix", "itemCommands");
  const auto artifacts = references.word("matrix", "artifacts");
  const auto category = references.word("matrix", "itemCategory");
  const Names ids = record_ids(references);
  const auto holder = [&](const JsonValue& value) {
    const auto at = [&](const std::optional<JsonValue>& pointer) {
      return pointer ? value.document().at(value.pointer() + std::string(pointer->string())) : std::nullopt;
    };
    for (const JsonValue::Member text : value.members()) {
      if (text.value.is(document::JsonKind::string) && text.value.string().starts_with('{'))
        references.tell(text.value, rules::quoted(text.value.string()) + " is to be filled in",
                        "say it in words that somebody else can check");
    }
    if (const auto list = at(commands)) {
      for (const JsonValue command : list->elements()) references.must_run(command);
    }
    if (const auto list = at(artifacts)) {
      for (const JsonValue path : list->elements()) {
        if (references.context().repository.state(path.string()) == rules::PathState::file) continue;
        references.tell(path, rules::quoted(path.string()) + " is no file of this repository",
                        base::did_you_mean(path.string(), references.context().repository.candidates(path.string())));
      }
    }
    return at(category);
  };
  for (const auto* list : {&items, &categories}) {
    if (!*list) continue;
    for (const JsonValue::Member member : (*list)->members()) {
      const auto own = holder(member.value);
      if (list != &items) continue;
      if (own && categories) references.must_be(*own, own->string(), keys_of(categories), "category");
      if (references.record) references.must_be(member.key, member.name(), ids, "item of the record");
    }
  }
}

void check_record_references(References& references) {
  const auto items = references.placed(references.record, "record", "items");
  const auto matrix_items = references.placed(references.matrix, "matrix", "items");
  const auto commands = references.word("matrix", "itemCommands");
  Names known_statuses;
  for (const std::string_view one : statuses) {
    if (const auto word = references.word("record", one)) known_statuses.emplace_back(word->string());
  }
  if (const auto tier = references.placed(references.record, "record", "targetTier"))
    references.must_be(*tier, tier->string(), steps(references, "recordTier"), "tier of records on the ladder");
  if (const auto scope = references.placed(references.record, "record", "scope")) {
    Names scopes = strings_of(references.word("record", "templateScopes"));
    if (const auto word = references.word("record", "privateScope")) scopes.emplace_back(word->string());
    references.may_be(*scope, scope->string(), scopes, "scope");
    if (const auto known = references.word("record", "templateScopes")) {
      for (const JsonValue one : known->elements())
        references.may_be(one, one.string(), {std::string(scope->string())}, "scope in the record,");
    }
  }
  if (const auto fields = references.placed(references.record, "record", "requiredReportFields")) {
    Names written;
    if (const auto report = references.ladder.find("report")) {
      for (const JsonValue::Member member : report->members()) {
        if (member.value.string().starts_with('/')) written.emplace_back(member.value.string().substr(1));
      }
    }
    for (const JsonValue field : fields->elements())
      references.may_be(field, field.string(), written, "field of reports");
    const auto report = references.ladder.find("report");
    const Names required = strings_of(fields);
    for (const JsonValue::Member member : report->members()) {
      if (member.value.string().starts_with('/'))
        references.may_be(member.value, member.value.string().substr(1), required, "field of reports in the record,");
    }
  }
  if (!items) return;
  for (const JsonValue item : items->elements()) {
    const auto at = [&](std::string_view member) {
      const auto pointer = references.word("record", member);
      return pointer ? item.document().at(item.pointer() + std::string(pointer->string())) : std::nullopt;
    };
    const auto id = at("id");
    const auto command = at("command");
    if (const auto status = at("status"))
      references.must_be(*status, status->string(), known_statuses, "status of the ladder");
    if (!id || !matrix_items) continue;
    references.must_be(*id, id->string(), keys_of(matrix_items), "item of the matrix");
    const auto own = matrix_items->find(id->string());
    if (!own || !command || !commands) continue;
    references.must_be(*command, command->string(),
                       strings_of(own->document().at(own->pointer() + std::string(commands->string()))),
                       "command of the item in the matrix");
  }
}

}  // namespace launchgate::validator
