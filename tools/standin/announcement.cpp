#include "standin/announcement.hpp"

#include <fmt/format.h>

#include "lib/document/json_writer.hpp"

namespace launchgate::standin {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs environment(const Product& product, const Announcement& announcement) {
  Pairs all;
  for (std::size_t i = 0; i < product.services.size(); ++i) {
    for (const std::string& variable : product.services[i].url_variables)
      all.emplace_back(variable, announcement.urls[i]);
  }
  for (std::size_t i = 0; i < product.tokens.size(); ++i) {
    for (const std::string& variable : product.tokens[i].variables) all.emplace_back(variable, announcement.tokens[i]);
  }
  all.emplace_back("LAUNCHGATE_STANDIN_CONTROL_URL", announcement.control_url);
  all.emplace_back("LAUNCHGATE_STANDIN_PID", fmt::format("{}", announcement.process));
  if (!announcement.authority_file.empty()) all.emplace_back("LAUNCHGATE_STANDIN_CA_FILE", announcement.authority_file);
  return all;
}

std::string object(const Pairs& pairs) {
  std::string out = "{";
  for (const auto& [key, value] : pairs) {
    if (out.size() > 1) out += ", ";
    document::append_json_string(out, key);
    out += ": ";
    document::append_json_string(out, value);
  }
  return out + "}";
}

}  // namespace

std::string announcement_json(const Product& product, const Announcement& announcement) {
  Pairs services;
  for (std::size_t i = 0; i < product.services.size(); ++i)
    services.emplace_back(product.services[i].name, announcement.urls[i]);
  Pairs tokens;
  for (std::size_t i = 0; i < product.tokens.size(); ++i)
    tokens.emplace_back(product.tokens[i].name, announcement.tokens[i]);
  std::string out = "{\"product\": ";
  document::append_json_string(out, product.name);
  out += fmt::format(", \"pid\": {}, \"control\": ", announcement.process);
  document::append_json_string(out, announcement.control_url);
  out += ", \"services\": " + object(services) + ", \"tokens\": " + object(tokens) + ", \"authorityFile\": ";
  if (announcement.authority_file.empty())
    out += "null";
  else
    document::append_json_string(out, announcement.authority_file);
  return out + ", \"environment\": " + object(environment(product, announcement)) + "}\n";
}

std::string announcement_shell(const Product& product, const Announcement& announcement) {
  std::string out;
  for (const auto& [name, value] : environment(product, announcement)) {
    out += "export " + name + "='";
    for (const char c : value) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += "'\n";
  }
  return out;
}

}  // namespace launchgate::standin
