#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "lib/io/append_file.hpp"
#include "lib/io/child.hpp"
#include "lib/io/command.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/folder.hpp"
#include "lib/io/system.hpp"

using namespace launchgate::io;

TEST_CASE("a child reads, writes and says what went wrong") {
  Child child;
  REQUIRE(child.start({"sh", "-c", "cat; echo wrong >&2; exit 7"}, {}) == 0);
  REQUIRE(child.write("to and fro").ok());
  child.close_input();
  CHECK(*child.read_all() == "to and fro");
  CHECK(child.wait() == 7);
  CHECK(child.diagnostics() == "wrong");
}

TEST_CASE("a child's folder and environment are those that it is given") {
  ChildSettings settings;
  settings.folder = "/";
  settings.environment = {"PATH=/usr/bin:/bin", "ONE=1"};
  Child child;
  REQUIRE(child.start({"sh", "-c", "pwd; echo $ONE$HOME"}, settings) == 0);
  child.close_input();
  CHECK(*child.read_all() == "/\n1\n");
  CHECK(child.wait() == 0);
}

TEST_CASE("what cannot be started says why, and leaves nothing behind") {
  Child child;
  CHECK(child.start({"no-such-program-at-all"}, {}) == ENOENT);
  ChildSettings nowhere;
  nowhere.folder = "/no/such/folder";
  CHECK(Child().start({"true"}, nowhere) == ENOENT);
  const auto run = run_command({"no-such-program-at-all"}, {});
  CHECK(run.error().message == "cannot run \"no-such-program-at-all\": No such file or directory");
}

TEST_CASE("a child that ended is noticed without waiting") {
  Child child;
  REQUIRE(child.start({"sh", "-c", "kill -TERM $$"}, {}) == 0);
  CHECK(child.read_all()->empty());
  std::optional<int> status;
  while (!status) status = child.ended();
  CHECK(*status == 128 + SIGTERM);
  CHECK_FALSE(child.ended().has_value());
}

TEST_CASE("a command's two streams are told apart and kept in order") {
  std::string errors;
  CommandSettings settings;
  settings.live = [&](bool is_error, std::string_view text) {
    if (is_error) errors += text;
  };
  const auto done = run_command({"sh", "-c", "echo out; echo err >&2; exit 3"}, settings);
  REQUIRE(done.ok());
  CHECK(done->exit_status == 3);
  CHECK(errors == "err\n");
  CHECK(done->output.size() == 8);
}

TEST_CASE("a command can be told from one whose signals were changed for it") {
  // SIGPIPE ends a command as it would outside, and the signals that are watched are not blocked in it.
  const auto done = run_command({"sh", "-c", "yes | head -n 1; kill -TERM $$"}, {});
  REQUIRE(done.ok());
  CHECK(done->output == "y\n");
  CHECK(done->exit_status == 128 + SIGTERM);
}

TEST_CASE("a file that only grows is new, and takes all that it is given") {
  std::string folder = "/tmp/launchgate-io-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  REQUIRE(make_writable_folder(folder + "/a/b").ok());
  const std::string path = folder + "/a/b/log";
  {
    auto file = AppendFile::create(path);
    REQUIRE(file.ok());
    CHECK(file->append("one\n") == 0);
    CHECK(file->append("two\n") == 0);
  }
  CHECK(*DiskFileSystem().read(path, 100) == "one\ntwo\n");
  CHECK(AppendFile::create(path).error().message == "cannot be created: File exists");
  CHECK_FALSE(make_writable_folder(path).ok());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file that is read in parts is the file") {
  std::string folder = "/tmp/launchgate-io-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  DiskFileSystem disk;
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i);
  REQUIRE(disk.write(folder + "/f", text).ok());
  std::string read;
  std::size_t parts = 0;
  const auto take = [&](std::string_view part) {
    read += part;
    ++parts;
  };
  REQUIRE(disk.read_parts(folder + "/f", text.size(), take).ok());
  CHECK(read == text);
  CHECK(parts > 1);
  CHECK(disk.read_parts(folder + "/f", text.size() - 1, take).error().message ==
        disk.read(folder + "/f", text.size() - 1).error().message);
  CHECK_FALSE(disk.read_parts(folder, 10, take).ok());
  std::filesystem::remove_all(folder);
}
