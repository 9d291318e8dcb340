#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>

#include "lib/document/json_document.hpp"
#include "lib/io/file_system.hpp"
#include "standin/core/app.hpp"

namespace launchgate::standin::testing {

inline document::JsonDocument json(const std::string& text) {
  auto parsed = document::JsonDocument::parse("test.json", text);
  if (!parsed) FAIL(to_string(parsed.error()) << "\n" << text);
  return *std::move(parsed);
}

inline const std::string& description_text() {
  static const std::string text = [] {
    const io::DiskFileSystem disk;
    auto read = disk.read(LAUNCHGATE_SOURCE_DIR "/rules/load/open-cowork-standin.json", 1U << 20);
    REQUIRE(read.ok());
    return *std::move(read);
  }();
  return text;
}

inline Product description() {
  const auto parsed = json(description_text());
  auto product = load_product(parsed);
  if (!product) FAIL(to_string(product.error()));
  return *std::move(product);
}

inline Fault fault(const std::string& argument) {
  auto parsed = parse_fault_argument(argument);
  if (!parsed) FAIL(argument << ": " << parsed.error().message);
  return *std::move(parsed);
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The built-in product with the tokens "operator", "tenant" and "gateway-admin".
class Bench {
 public:
  explicit Bench(Product made = description()) : product(std::move(made)) {
    app = std::make_unique<App>(product, AppSettings{7, 1000, 1700000000000},
                                std::vector<std::string>{"operator", "tenant", "gateway-admin"}, [] {
                                  return ProcessReadings{4096, 12};
                                });
  }

  Answer send(const std::string& method, const std::string& target, const std::string& body = "",
              const std::string& token = "operator") {
    Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (target.find('?') != std::string::npos) request.query = target.substr(target.find('?') + 1);
    if (!token.empty()) request.authorization = "Bearer " + token;
    request.accept = accept;
    request.last_event_id = last_event_id;
    request.body = body;
    return app->handle(service, request, now);
  }
  // The string at a pointer of an answer's body.
  static std::string at(const Answer& answer, const std::string& pointer) {
    const auto body = json(answer.reply.body);
    const auto value = body.at(pointer);
    if (!value) FAIL("no " << pointer << " in " << answer.reply.body);
    return std::string(value->is(document::JsonKind::string) ? value->string() : value->raw());
  }
  RouteStats& stats(const std::string& route) {
    for (std::size_t i = 0; i < product.routes.size(); ++i) {
      if (product.routes[i].name == route) return app->stats().routes[i];
    }
    FAIL("no route " << route);
    return app->stats().unknown;
  }
  std::size_t route(const std::string& name) const {
    for (std::size_t i = 0; i < product.routes.size(); ++i) {
      if (product.routes[i].name == name) return i;
    }
    return no_route;
  }

  Product product;
  std::unique_ptr<App> app;
  std::size_t service = 0;
  Micros now = 1000;
  std::string accept;
  std::optional<std::string> last_event_id;
};

}  // namespace launchgate::standin::testing
