#include "lib/schema/schema.hpp"

#include "lib/schema/lint.hpp"
#include "lib/schema/normalize.hpp"
#include "lib/schema/plan.hpp"
#include "lib/schema/translate.hpp"

namespace launchgate::schema {
namespace {

struct Prepared {
  std::vector<base::Error> errors;
  std::unique_ptr<Plan> plan;
};

Prepared prepare(const document::JsonDocument& schema, const SchemaSettings& settings) {
  Prepared result;
  Resolver resolver(schema, settings);
  RegexCache regexes;
  if (!settings.linted) result.errors = lint_schema(schema, settings, resolver, regexes);
  if (!result.errors.empty()) return result;
  auto normalized = normalize(schema, settings, resolver);
  if (!normalized) {
    result.errors.push_back(normalized.error());
    return result;
  }
  auto plan = translate(std::move(*normalized), std::move(regexes));
  if (plan) {
    result.plan = std::move(*plan);
  } else {
    result.errors.push_back(plan.error());
  }
  return result;
}

}  // namespace

Schema::Schema(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
Schema::~Schema() = default;

std::string_view Schema::title() const { return plan_->node(plan_->root).title; }

std::vector<base::Error> lint(const document::JsonDocument& schema, const SchemaSettings& settings) {
  return prepare(schema, settings).errors;
}

base::Result<std::shared_ptr<const Schema>> compile(const document::JsonDocument& schema,
                                                    const SchemaSettings& settings) {
  Prepared result = prepare(schema, settings);
  if (result.errors.empty()) return std::make_shared<const Schema>(std::move(result.plan));
  base::Error first = std::move(result.errors.front());
  if (result.errors.size() > 1) {
    if (!first.help.empty()) first.help += "; ";
    first.help += std::to_string(result.errors.size() - 1) + " more in this schema";
  }
  return first;
}

}  // namespace launchgate::schema
