#include "load/core/outcome.hpp"

#include <algorithm>
#include <optional>

#include "lib/document/json_document.hpp"

namespace launchgate::load {

namespace {

using document::JsonDocument;
using document::JsonKind;

constexpr std::size_t longest_id = 512;
constexpr std::size_t longest_code = 80;

bool holds(const std::vector<int>& list, int value) { return std::find(list.begin(), list.end(), value) != list.end(); }

Outcome of_status(const Catalogue& catalogue, const Accepts& accepts, int status) {
  if (holds(accepts.success, status)) return Outcome::success;
  if (holds(accepts.tolerated, status)) return Outcome::tolerated;
  if (holds(catalogue.rejection_statuses, status)) return Outcome::rejected;
  if (status >= 300 && status < 400) return Outcome::redirect;
  if (status >= 400 && status < 500) return Outcome::client_error;
  if (status >= 500 && status < 600) return Outcome::server_error;
  return Outcome::other_status;
}

// The first of `pointers` that hits a string or a number.
std::optional<std::string> first_hit(const JsonDocument& body, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    const auto value = body.at(pointer);
    if (!value) continue;
    if (value->is(JsonKind::string) && !value->string().empty()) return std::string(value->string());
    if (value->is(JsonKind::number)) return std::string(value->number_text());
  }
  return std::nullopt;
}

void judge_refusal(const Catalogue& catalogue, const OperationSpec& operation, const Exchange& exchange,
                   const Redactor& redact, Judgement& judgement) {
  std::string message;
  if (!exchange.response.body.empty()) {
    const auto body = JsonDocument::parse_keeping_duplicates("", std::string(exchange.response.body));
    if (body) {
      if (const auto code = first_hit(*body, catalogue.rejection_codes))
        judgement.policy_code = redact(*code).substr(0, longest_code);
      if (const auto text = first_hit(*body, catalogue.error_messages)) message = *text;
    }
  }
  std::string note = operation.request.method + " " + operation.request.shape + " answered " +
                     std::to_string(exchange.response.status);
  if (!judgement.policy_code.empty()) note += " " + judgement.policy_code;
  if (!message.empty()) note += ": " + message;
  judgement.note = redact(note);
}

}  // namespace

Judgement judge(const Catalogue& catalogue, const OperationSpec& operation, const Accepts& accepts,
                const Exchange& exchange, const Redactor& redact) {
  Judgement out;
  if (exchange.failure != Failure::none) {
    out.outcome = Outcome::failed;
    std::string note =
        operation.request.method + " " + operation.request.shape + ": " + std::string(describe(exchange.failure));
    if (!exchange.detail.empty()) note += " (" + std::string(exchange.detail) + ")";
    out.note = redact(note);
    return out;
  }
  out.outcome = of_status(catalogue, accepts, exchange.response.status);
  if (out.outcome == Outcome::tolerated) return out;
  if (out.outcome != Outcome::success) {
    judge_refusal(catalogue, operation, exchange, redact, out);
    return out;
  }
  if (operation.body_kind != BodyKind::json || operation.request.method == "HEAD") return out;
  // What was asked to do something may say by its status alone that it will.
  if (exchange.response.body.empty() && operation.request.method != "GET" && operation.captures.empty()) return out;
  const auto body = JsonDocument::parse_keeping_duplicates("", std::string(exchange.response.body));
  if (!body) {
    out.outcome = Outcome::bad_body;
    out.note = redact(operation.request.method + " " + operation.request.shape +
                      ": the body is no JSON: " + body.error().message);
    return out;
  }
  for (const Capture& capture : operation.captures) {
    auto value = first_hit(*body, capture.pointers);
    if (!value || value->size() > longest_id) {
      out.outcome = Outcome::bad_body;
      out.captured.clear();
      out.note = redact(operation.request.method + " " + operation.request.shape + ": the body holds no " +
                        catalogue.ids[capture.id].title + " id");
      return out;
    }
    out.captured.push_back({capture.id, *std::move(value)});
  }
  return out;
}

}  // namespace launchgate::load
