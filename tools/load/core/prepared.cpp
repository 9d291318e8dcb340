#include "load/core/prepared.hpp"

namespace launchgate::load {

namespace {

constexpr std::string_view user_agent = "launchgate-load";

std::string headers_of(const OperationSpec& op, const TargetSettings& target) {
  std::string out = "User-Agent: " + std::string(user_agent) + "\r\n";
  std::string accept = op.request.accept;
  if (accept.empty()) accept = op.body_kind == BodyKind::json ? "application/json" : "*/*";
  out += "Accept: " + accept + "\r\n";
  // A compressed event stream would need a decoder with its window for every stream that is held.
  out += op.body_kind == BodyKind::event_stream ? "Cache-Control: no-cache\r\n" : "Accept-Encoding: gzip\r\n";
  if (op.request.has_body) out += "Content-Type: application/json\r\n";
  if (op.auth != Auth::none && !target.token.empty()) out += "Authorization: Bearer " + target.token + "\r\n";
  return out;
}

}  // namespace

std::vector<PreparedOperation> prepare(const Catalogue& catalogue, const Settings& settings) {
  std::vector<PreparedOperation> out;
  for (const OperationSpec& op : catalogue.operations) {
    PreparedOperation prepared;
    prepared.headers = headers_of(op, settings.targets[op.target]);
    prepared.accepts = accepts(op, settings);
    prepared.constant = op.request.is_constant();
    if (prepared.constant) {
      const Bindings bindings{&settings.variables, nullptr, 0};
      render_path(op.request.path, bindings, prepared.path);
      render_body(op.request.body, bindings, prepared.body);
    }
    out.push_back(std::move(prepared));
  }
  return out;
}

HttpRequest request_of(const Catalogue& catalogue, Index operation, const PreparedOperation& prepared) {
  const OperationSpec& op = catalogue.operations[operation];
  HttpRequest request;
  request.target = op.target;
  request.method = op.request.method;
  request.path = prepared.path;
  request.headers = prepared.headers;
  request.body = prepared.body;
  request.has_body = op.request.has_body;
  request.keep_body = op.body_kind == BodyKind::json;
  return request;
}

}  // namespace launchgate::load
