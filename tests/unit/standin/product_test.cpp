#include "standin/core/product.hpp"

#include "unit/standin/support.hpp"

namespace launchgate::standin {

using testing::description_text;
using testing::replaced;

TEST_CASE("the built-in description loads") {
  const Product product = testing::description();
  CHECK(product.services.size() == 2);
  CHECK(product.routes.size() >= 28);
  CHECK(product.tokens.size() == 3);
}

TEST_CASE("mistakes in a description are found where they are") {
  const auto error = [](const std::string& from, const std::string& to) {
    const auto document = testing::json(replaced(description_text(), from, to));
    const auto product = load_product(document);
    if (product) FAIL("accepted: " << to);
    CHECK(product.error().category == base::ErrorCategory::configuration);
    CHECK(product.error().position.line > 0);
    return product.error().message + "; " + product.error().help;
  };
  CHECK(error("\"schemaVersion\": 1", "\"schemaVersion\": 2").find("schemaVersion") != std::string::npos);
  CHECK(error("\"workers\": 16", "\"worker\": 16").find("\"workers\"") != std::string::npos);
  CHECK(error("\"action\": \"list\"", "\"action\": \"lits\"").find("\"list\"") != std::string::npos);
  CHECK(error("\"service\": \"gateway\", \"method\"", "\"service\": \"gatewey\", \"method\"").find("\"gateway\"") !=
        std::string::npos);
  CHECK(error("{{uptimeSeconds}}", "{{uptimeSecond}}").find("uptimeSeconds") != std::string::npos);
  CHECK(error("{{count.sessions}} sessions", "{{count.session}} sessions").find("placeholder") != std::string::npos);
  CHECK(error("\"path\": \"/readyz\"", "\"path\": \"readyz\"").find("\"/\"") != std::string::npos);
  CHECK(error("/api/sessions/{sessions}/prompt\"", "/api/sessions/{session}/prompt\"").find("parent") !=
        std::string::npos);
  CHECK(error("/artifacts/{artifacts}\"", "/artifacts/{artifact}\"").find("id") != std::string::npos);
  CHECK(error("\"kind\": \"streams\"", "\"kind\": \"steams\"").find("\"streams\"") != std::string::npos);
  CHECK(error(", \"label\": \"policy_code\"", "").find("label") != std::string::npos);
  CHECK(error("\"medianMs\": 40, ", "").find("lognormal") != std::string::npos);
  CHECK(error("\"states\": [\"queued\", ", "\"states\": [").find("three") != std::string::npos);
  CHECK(error("\"name\": \"cloud-liveness\"", "\"name\": \"cloud-readiness\"").find("twice") != std::string::npos);
  CHECK(error("\"pointer\": \"/text\"", "\"pointer\": \"text\"").find("pointer") != std::string::npos);
}

TEST_CASE("templates") {
  const auto document =
      testing::json(R"({"a": "{{x}}", "b": "pre {{x}} {{y}}", "list": ["{{y}}", 1, "{{", "q\"{{x}}"]})");
  const Template made = Template::from_json(document.root());
  CHECK(made.names() == std::vector<std::string>{"x", "x", "y", "y", "x"});
  std::string out;
  made.render(out, [](std::string_view name) {
    return name == "x" ? Value{Value::Kind::text, "tab\t\"q\""} : Value{Value::Kind::json, "{\"n\":[1]}"};
  });
  CHECK(out == R"({"a":"tab\t\"q\"","b":"pre tab\t\"q\" {\"n\":[1]}","list":[{"n":[1]},1,"{{","q\"tab\t\"q\""]})");
  testing::json(out);

  std::string plain;
  Template::from_text("a {{x}} {{ b").render(plain, [](std::string_view) { return Value{Value::Kind::text, "\"<"}; });
  CHECK(plain == "a \"< {{ b");
}

}  // namespace launchgate::standin
