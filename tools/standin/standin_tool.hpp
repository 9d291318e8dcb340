#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "standin/core/fault.hpp"
#include "standin/core/product.hpp"
#include "standin/net/server.hpp"

namespace launchgate::standin {

// Serves a product's stand-in until it is told to end.
class StandinTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-standin"; }
  std::string summary() const override {
    return "A stand-in for the services under test, on the loopback, with real state and with faults on request.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  base::Result<Product> load(cli::Process& process) const;
  base::Result<void> serve(cli::Process& process);
  base::Result<void> announce(cli::Process& process, const Product& product, const Server& server,
                              const std::vector<std::string>& tokens) const;
  base::Result<ServerSettings> server_settings(const Product& product) const;
  base::Result<std::vector<std::string>> token_values(const Product& product) const;

  std::string product_;
  std::string host_ = "127.0.0.1";
  std::vector<std::string> ports_;
  std::optional<std::int64_t> control_port_;
  std::vector<std::string> tokens_;
  std::vector<Fault> faults_;
  std::vector<std::string> fault_files_;
  std::vector<std::string> limits_;
  bool tls_ = false;
  std::string certificate_ = "valid";
  bool only_tls_1_2_ = false;
  std::string authority_file_;
  std::string print_ = "shell";
  std::string ready_file_;
  std::optional<std::int64_t> lifetime_ms_;
  std::optional<std::int64_t> heartbeat_ms_;
  std::optional<std::int64_t> history_;
  std::optional<std::int64_t> workers_;
  std::optional<std::int64_t> seed_;
  std::optional<double> broadcast_;
  bool list_faults_ = false;
};

}  // namespace launchgate::standin
