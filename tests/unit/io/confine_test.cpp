#include "lib/io/confine.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "lib/io/child.hpp"
#include "lib/io/file_system.hpp"

namespace launchgate::io {
namespace {

// The exit status of a process that was confined and then did this; 77 when the kernel has no such means.
int confined(const Confinement& confinement, const std::function<int(const Confined&)>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(work(confine(confinement)));
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

constexpr int unavailable = 77;

// The error of a call, 0 when it worked.
int error_of(long result) { return result < 0 ? errno : 0; }

class Folder {
 public:
  Folder() {
    std::string name = "/tmp/confine-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { (void)std::system(("rm -rf " + path_).c_str()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("A confined process opens no socket") {
  const int code = confined({}, [](const Confined& done) {
    if (!done.calls) return unavailable;
    return error_of(::socket(AF_INET, SOCK_STREAM, 0)) == EPERM && error_of(::socket(AF_UNIX, SOCK_STREAM, 0)) == EPERM
               ? 0
               : 1;
  });
  CHECK((code == 0 || code == unavailable));
}

TEST_CASE("A confined process starts programs in one place alone, and what it started starts none") {
  const int elsewhere = confined({}, [](const Confined& done) {
    if (!done.calls) return unavailable;
    const char* words[] = {"/bin/true", nullptr};
    return error_of(::syscall(SYS_execve, "/bin/true", words, nullptr)) == EPERM ? 0 : 1;
  });
  CHECK((elsewhere == 0 || elsewhere == unavailable));
  const int child = confined({}, [](const Confined& done) {
    if (!done.calls) return unavailable;
    Child program;
    const bool started = program.start({"/bin/echo", "seen"}, {}) == 0;
    if (!started) return 1;
    const auto said = program.read_all();
    return said && *said == "seen\n" && program.wait() == 0 ? 0 : 2;
  });
  CHECK((child == 0 || child == unavailable));
  const int grandchild = confined({}, [](const Confined& done) {
    if (!done.calls) return unavailable;
    Child program;
    const bool started = program.start({"/bin/sh", "-c", "/bin/echo seen; exit 5"}, {}) == 0;
    if (!started) return 1;
    const auto said = program.read_all();
    return said && said->empty() ? 0 : 2;
  });
  CHECK((grandchild == 0 || grandchild == unavailable));
}

TEST_CASE("A confined process writes what it named and nothing else") {
  const Folder folder;
  std::ofstream(folder / "other.txt") << "kept";
  ::mkdir((folder / "out").c_str(), 0700);
  ::mkdir((folder / "elsewhere").c_str(), 0700);
  const int code = confined({{folder / "out/report.json"}}, [&](const Confined& done) {
    if (!done.writing) return unavailable;
    DiskFileSystem disk;
    if (!disk.write(folder / "out/report.json", "{}")) return 1;
    if (!disk.write(folder / "out/report.json", "{} ")) return 2;
    if (disk.write(folder / "elsewhere/report.json", "{}")) return 3;
    if (::open((folder / "other.txt").c_str(), O_WRONLY) >= 0) return 4;
    if (::truncate((folder / "other.txt").c_str(), 0) == 0) return 5;
    if (::unlink((folder / "other.txt").c_str()) == 0) return 6;
    if (::rename((folder / "other.txt").c_str(), (folder / "out/moved").c_str()) == 0) return 7;
    if (::open("/dev/null", O_WRONLY) < 0) return 8;
    const auto kept = disk.read(folder / "other.txt", 100);
    return kept && *kept == "kept" ? 0 : 9;
  });
  CHECK((code == 0 || code == unavailable));
}

TEST_CASE("The kernel of the tests has both means, or says so") {
  // A report of what was not tried, so that a pass above is not mistaken for proof.
  const int code = confined({}, [](const Confined& done) { return (done.calls ? 1 : 0) + (done.writing ? 2 : 0); });
  if (code != 3) WARN("confinement by this kernel: calls " << (code & 1) << ", writing " << (code >> 1));
  CHECK(code <= 3);
}

}  // namespace launchgate::io
