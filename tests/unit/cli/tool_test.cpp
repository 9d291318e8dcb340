#include <catch2/catch.hpp>

#include "lib/cli/tool.hpp"

using namespace launchgate;
using namespace launchgate::cli;

namespace {

// Takes "--WORD" for the word that "--word" gives.
class WordTool final : public Tool {
 public:
  std::string name() const override { return "word"; }
  std::string summary() const override { return "Takes a word."; }
  void describe(OptionSet& options) override {
    options.text("--word", "WORD", word_, "The word.").first = true;
    options.flag("--" + known_, given, "An option that depends on it.");
  }
  base::Result<void> settle_options(Process& process) override {
    process.err.write("looking\n");
    if (word_ == "bad") return base::Error{base::ErrorCategory::configuration, "bad.json", {}, "is bad", ""};
    if (word_) known_ = *word_;
    return {};
  }
  ExitCode run(Process&) override { return given ? ExitCode::ok : ExitCode::findings; }

  bool given = false;

 private:
  std::optional<std::string> word_;
  std::string known_ = "default";
};

ExitCode run(const std::vector<std::string>& words, bool* given = nullptr) {
  io::MemoryFileSystem disk;
  Output nowhere(Output::nowhere);
  Process process{disk, [](const std::string&) { return std::nullopt; }, nowhere, nowhere};
  WordTool tool;
  const ExitCode code = run_tool(tool, words, process);
  CHECK_FALSE(nowhere.failed());
  if (given != nullptr) *given = tool.given;
  return code;
}

}  // namespace

TEST_CASE("options may depend on others") {
  bool given = false;
  CHECK(run({"--default"}, &given) == ExitCode::ok);
  CHECK(given);
  CHECK(run({"--other", "--word", "other"}) == ExitCode::ok);
  CHECK(run({"--word=other"}) == ExitCode::findings);
  CHECK(run({"--word", "other", "--default"}) == ExitCode::usage);
  CHECK(run({"--word"}) == ExitCode::usage);
}

TEST_CASE("what options depend on is told before they are, and help is given all the same") {
  CHECK(run({"--word", "bad", "--unknown"}) == ExitCode::usage);
  CHECK(run({"--word", "bad"}) == ExitCode::usage);
  CHECK(run({"--word", "bad", "--help"}) == ExitCode::ok);
  CHECK(run({"--word", "--help"}) == ExitCode::ok);
  CHECK(run({"--version"}) == ExitCode::ok);
}
