#include "standin/standin_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/system.hpp"
#include "lib/suite/resources.hpp"
#include "standin/announcement.hpp"
#include "standin/net/process_memory.hpp"

namespace launchgate::standin {
namespace {

using cli::usage;

constexpr std::string_view description_suffix = "-standin";
constexpr std::uint64_t most_file_bytes = 16UL * 1024 * 1024;

// "NAME=VALUE" for a name that is known; its index.
struct Assignment {
  std::size_t index = 0;
  std::string value;
};
base::Result<Assignment> assignment(const std::string& text, const std::string& option,
                                    const std::vector<std::string>& names) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    return usage(fmt::format("{} \"{}\": must be NAME=VALUE", option, base::printable(text)));
  const std::string name = text.substr(0, equals);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return Assignment{i, text.substr(equals + 1)};
  }
  std::string help = base::did_you_mean(name, names);
  if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size());
  return usage(fmt::format("{}: there is no \"{}\"", option, base::printable(name)), help);
}

template <typename T>
std::optional<T> whole(const std::string& text) {
  T value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename T>
std::vector<std::string> names_of(const std::vector<T>& all) {
  std::vector<std::string> names;
  for (const T& one : all) names.push_back(one.name);
  return names;
}

std::string random_token(const std::string& name) {
  std::random_device device;
  std::string token = "standin-" + name + "-";
  for (int i = 0; i < 6; ++i) token += fmt::format("{:08x}", device());
  return token;
}

std::string fault_table() {
  std::string out;
  for (const FaultKind& kind : fault_kinds()) {
    out +=
        fmt::format("{:<18}{}{}\n", kind.name, kind.summary, kind.keys.empty() ? "" : fmt::format(" ({})", kind.keys));
  }
  return out + "All: service=*, route=* (globs), rate=1, count, afterMs=0, forMs, everyMs\n";
}

}  // namespace

void StandinTool::describe(cli::OptionSet& options) {
  options.text("--product", "NAME|FILE", product_,
               "The product to stand in for: a built-in description, or a file that ends in .json. Default: the one of "
               "the built-in operation catalogue.");
  options.text("--host", "ADDRESS", host_,
               "Loopback address to listen on: 127.0.0.1 (default), ::1 or localhost. No other is taken.");
  options.list("--port", "SERVICE=N", ports_, "Port of a service; any that is free when left out.");
  options.integer("--control-port", "N", control_port_, 0,
                  "Port of the control routes alone; any that is free when left out.");
  options.list("--token", "NAME=VALUE", tokens_, "Value of a token; random when left out.");
  cli::Option fault;
  fault.name = "--fault";
  fault.value_name = "KIND[:KEY=VALUE,…]";
  fault.help = "A fault from the start; --list-faults shows them all.";
  fault.repeatable = true;
  fault.set = [this](const std::string& value) -> base::Result<void> {
    auto parsed = parse_fault_argument(value);
    if (!parsed) return parsed.error();
    faults_.push_back(*std::move(parsed));
    return {};
  };
  options.add(std::move(fault));
  options.list("--faults", "FILE", fault_files_, "Faults from a JSON file.").completion = cli::Completion::file;
  options.flag("--list-faults", list_faults_, "Print the kinds of faults with their keys and end.");
  options.list("--limit", "NAME=N", limits_, "Enforce one of the product's limits.");
  options.flag("--tls", tls_, "Serve HTTPS with a certificate made for this run (control stays HTTP).");
  options.choice("--certificate", certificate_kinds(), certificate_, "What kind of certificate (default: valid).");
  options.flag("--tls-1.2", only_tls_1_2_, "Offer TLS 1.2 at most.");
  const auto written = [](cli::Option& option) {
    option.completion = cli::Completion::file;
    option.writes = cli::Writes::file;
  };
  written(
      options.text("--write-ca", "FILE", authority_file_, "Write the certificate of the authority to trust, in PEM."));
  options.choice("--print", {"shell", "json"}, print_,
                 "How URLs and tokens are printed once all ports listen: as exports for a shell (default) or as JSON.");
  written(
      options.text("--ready-file", "FILE", ready_file_, "Also write them as JSON to this file, whole or not at all."));
  options.integer("--lifetime-ms", "N", lifetime_ms_, 1, "End after so long. Default: at SIGINT or SIGTERM.");
  options.integer("--heartbeat-ms", "N", heartbeat_ms_, 0,
                  "Time between heartbeats of event streams (default 1000; 0: none).");
  options.rate("--broadcast", "R", broadcast_, "Publish so many events a second to all event streams.");
  options.integer("--history", "N", history_, 1, "Events that are kept for replay (default 10000).");
  options.integer("--workers", "N", workers_, 1,
                  "Workers that complete prompts and runs (default: the description's).");
  options.integer("--seed", "N", seed_, 0, "Seed of identifiers and of what faults draw (default 1).");
}

base::Result<Product> StandinTool::load(cli::Process& process) const {
  suite::Resources resources(process.disk, process.disk.current_directory(), std::nullopt, std::nullopt);
  std::optional<base::Result<Product>> product;
  if (product_.ends_with(".json")) {
    auto text = process.disk.read(product_, most_file_bytes);
    if (!text) return text.error();
    auto parsed = document::JsonDocument::parse(product_, *std::move(text));
    if (!parsed) {
      base::Error error = parsed.error();
      error.category = base::ErrorCategory::configuration;
      return error;
    }
    product = load_product(*parsed);
  } else {
    std::string wanted = product_;
    if (wanted.empty()) {
      const auto suite = resources.rules("suite");
      if (!suite) return suite.error();
      wanted = (*suite)->root().string_member("operations");
    }
    std::vector<std::string> known;
    for (const std::string& name : resources.rule_names()) {
      if (name.ends_with(description_suffix)) known.push_back(name.substr(0, name.size() - description_suffix.size()));
    }
    if (std::find(known.begin(), known.end(), wanted) == known.end()) {
      std::string help = base::did_you_mean(wanted, known);
      if (help.empty()) help = "known: " + base::quoted_list(known, "and", known.size()) + "; a path ends in .json";
      return usage(fmt::format("--product: there is no \"{}\"", base::printable(wanted)), help);
    }
    const auto document = resources.rules(wanted + std::string(description_suffix));
    if (!document) return document.error();
    product = load_product(**document);
  }
  if (!*product) return *product;
  if (workers_) (*product)->workers = static_cast<std::size_t>(*workers_);
  for (const std::string& text : limits_) {
    const auto limit = assignment(text, "--limit", names_of((*product)->limits));
    if (!limit) return limit.error();
    const auto max = whole<std::uint64_t>(limit->value);
    if (!max) return usage(fmt::format("--limit \"{}\": must be a whole number", base::printable(text)));
    (*product)->limits[limit->index].max = max;
  }
  return *std::move(product);
}

base::Result<std::vector<std::string>> StandinTool::token_values(const Product& product) const {
  std::vector<std::string> values(product.tokens.size());
  for (const std::string& text : tokens_) {
    auto token = assignment(text, "--token", names_of(product.tokens));
    if (!token) return token.error();
    if (token->value.empty()) return usage("--token: a token must not be empty");
    const auto unfit = [](char c) { return c <= 0x20 || c >= 0x7F; };
    if (std::any_of(token->value.begin(), token->value.end(), unfit))
      return usage("--token: a token must not hold a blank or a character that a header cannot carry");
    if (std::find(values.begin(), values.end(), token->value) != values.end())
      return usage("--token: two tokens must not be equal");
    values[token->index] = token->value;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) values[i] = random_token(product.tokens[i].name);
  }
  return values;
}

base::Result<ServerSettings> StandinTool::server_settings(const Product& product) const {
  ServerSettings settings;
  settings.host = host_;
  settings.ports.assign(product.services.size(), 0);
  for (const std::string& text : ports_) {
    const auto port = assignment(text, "--port", names_of(product.services));
    if (!port) return port.error();
    const auto number = whole<std::uint16_t>(port->value);
    if (!number) return usage(fmt::format("--port \"{}\": must be a port number", base::printable(text)));
    settings.ports[port->index] = *number;
  }
  if (control_port_.value_or(0) > 65535) return usage("--control-port: must be a port number");
  settings.control_port = static_cast<std::uint16_t>(control_port_.value_or(0));
  settings.heartbeat = heartbeat_ms_.value_or(1000) * micros_per_ms;
  settings.broadcast_per_second = broadcast_.value_or(0);
  if (lifetime_ms_) settings.lifetime = *lifetime_ms_ * micros_per_ms;
  if (!tls_ && (certificate_ != "valid" || !authority_file_.empty() || only_tls_1_2_))
    return usage("--certificate, --write-ca and --tls-1.2 need --tls");
  if (tls_) {
    const auto& kinds = certificate_kinds();
    const auto kind = static_cast<CertificateKind>(std::find(kinds.begin(), kinds.end(), certificate_) - kinds.begin());
    auto identity = make_identity({kind, only_tls_1_2_});
    if (!identity) return identity.error();
    settings.tls = *std::move(identity);
  }
  return settings;
}

base::Result<void> StandinTool::announce(cli::Process& process, const Product& product, const Server& server,
                                         const std::vector<std::string>& tokens) const {
  const Announcement announcement{server.urls(), tokens, server.control_url(), authority_file_, io::process_id()};
  if (!ready_file_.empty()) {
    if (auto written = process.disk.write(ready_file_, announcement_json(product, announcement)); !written)
      return written;
  }
  process.out.write(print_ == "json" ? announcement_json(product, announcement)
                                     : announcement_shell(product, announcement));
  return {};
}

base::Result<void> StandinTool::serve(cli::Process& process) {
  auto product = load(process);
  if (!product) return product.error();
  auto tokens = token_values(*product);
  if (!tokens) return tokens.error();
  auto settings = server_settings(*product);
  if (!settings) return settings.error();
  if (!authority_file_.empty()) {
    if (auto written = process.disk.write(authority_file_, settings->tls->authority); !written) return written;
  }
  const std::int64_t unix_ms = io::now_ms();
  const Server* running = nullptr;
  App app(*product,
          {static_cast<std::uint64_t>(seed_.value_or(1)), static_cast<std::size_t>(history_.value_or(10000)), unix_ms},
          *tokens, [&running] {
            return ProcessReadings{resident_bytes(), running == nullptr ? 0 : running->open_descriptors()};
          });
  for (Fault& fault : faults_) {
    if (auto matched = check_fault(*product, fault); !matched) {
      matched.error().message = "--fault " + fault.kind + ": " + matched.error().message;
      return matched;
    }
    app.faults().install(std::move(fault), 0);
  }
  for (const std::string& path : fault_files_) {
    auto text = process.disk.read(path, most_file_bytes);
    if (!text) return text.error();
    const auto parsed = document::JsonDocument::parse(path, *std::move(text));
    if (!parsed) return parsed.error();
    auto faults = parse_faults(*parsed);
    if (!faults) return faults.error();
    for (Fault& fault : *faults) {
      if (auto matched = check_fault(*product, fault); !matched) {
        matched.error().path = path;
        return matched;
      }
      app.faults().install(std::move(fault), 0);
    }
  }
  Server server(app, *std::move(settings));
  if (auto listening = server.listen(); !listening) return listening;
  running = &server;
  if (auto announced = announce(process, *product, server, *tokens); !announced) return announced;
  server.run();
  running = nullptr;
  return {};
}

cli::ExitCode StandinTool::run(cli::Process& process) {
  if (list_faults_) {
    process.out.write(fault_table());
    return cli::ExitCode::ok;
  }
  const auto served = serve(process);
  return served ? cli::ExitCode::ok : cli::fail(process, name(), served.error());
}

}  // namespace launchgate::standin
