#include "lib/schema/schema.hpp"

#include "lib/schema/compile.hpp"
#include "lib/schema/lint.hpp"
#include "lib/schema/plan.hpp"

namespace launchgate::schema {
namespace {

struct Prepared {
  std::vector<base::Error> errors;
  PlanWords words;
};

Prepared prepare(const document::JsonDocument& schema, const SchemaSettings& settings) {
  Prepared result;
  Resolver resolver(schema, settings);
  result.errors = lint_schema(schema, settings, resolver);
  if (!result.errors.empty()) return result;
  auto words = compile_plan(schema, settings, resolver);
  if (words) {
    result.words = std::move(*words);
  } else {
    result.errors.push_back(words.error());
  }
  return result;
}

}  // namespace

Schema::Schema(PlanWords words) : plan_(std::make_unique<const Plan>(std::move(words))) {}
Schema::Schema(std::span<const std::uint64_t> words) : plan_(std::make_unique<const Plan>(words)) {}
Schema::~Schema() = default;

std::string_view Schema::title() const {
  return plan_->root() < 0 ? std::string_view() : plan_->text(plan_->node(plan_->root()).title);
}

std::vector<base::Error> lint(const document::JsonDocument& schema, const SchemaSettings& settings) {
  return prepare(schema, settings).errors;
}

base::Result<std::shared_ptr<const Schema>> compile(const document::JsonDocument& schema,
                                                    const SchemaSettings& settings) {
  Prepared result = prepare(schema, settings);
  if (result.errors.empty()) return std::make_shared<const Schema>(std::move(result.words));
  base::Error first = std::move(result.errors.front());
  if (result.errors.size() > 1) {
    if (!first.help.empty()) first.help += "; ";
    first.help += std::to_string(result.errors.size() - 1) + " more in this schema";
  }
  return first;
}

}  // namespace launchgate::schema
