#include "lib/io/confine.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
constexpr std::uint32_t foreign_calls = 0x40000000;  // the x32 ABI has numbers of its own
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t foreign_calls = 0x80000000;
#else
constexpr std::uint32_t architecture = 0;
constexpr std::uint32_t foreign_calls = 0;
#endif

// Reaching another machine or process, changing what the kernel runs, and ways around a filter of calls. Socket pairs
// stay: they lead nowhere but to a child.
constexpr std::array refused = {SYS_socket,
                                SYS_connect,
                                SYS_bind,
                                SYS_listen,
                                SYS_accept,
                                SYS_accept4,
#if !defined(__SANITIZE_ADDRESS__)  // the search for leaks stops its own threads by it
                                SYS_ptrace,
#endif
                                SYS_process_vm_readv,
                                SYS_process_vm_writev,
                                SYS_kcmp,
                                SYS_pidfd_getfd,
                                SYS_bpf,
                                SYS_perf_event_open,
                                SYS_userfaultfd,
                                SYS_io_uring_setup,
                                SYS_io_uring_enter,
                                SYS_keyctl,
                                SYS_add_key,
                                SYS_request_key,
                                SYS_mount,
                                SYS_umount2,
                                SYS_pivot_root,
                                SYS_chroot,
                                SYS_setns,
                                SYS_unshare,
                                SYS_init_module,
                                SYS_finit_module,
                                SYS_delete_module,
                                SYS_kexec_load,
                                SYS_reboot,
                                SYS_open_by_handle_at};

constexpr std::array programs = {SYS_execve, SYS_execveat};

constexpr std::uint32_t refuse = SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA);

// A classic BPF program with forward jumps to one of its last two instructions.
class Filter {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  void refuse_unless_equal(std::uint32_t value) { jump(BPF_JEQ, value, 0, to_refuse); }
  void refuse_if_equal(std::uint32_t value) { jump(BPF_JEQ, value, to_refuse, 0); }
  void refuse_from(std::uint32_t value) { jump(BPF_JGE, value, to_refuse, 0); }
  void refuse_below(std::uint32_t value) { jump(BPF_JGE, value, 0, to_refuse); }
  // The next `count` instructions are for this value alone.
  void skip_unless_equal(std::uint32_t value, std::uint8_t count) { jump(BPF_JEQ, value, 0, count); }

  bool install() {
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    add(BPF_RET | BPF_K, refuse);
    const std::size_t last = code_.size() - 1;
    for (std::size_t index = 0; index < last; ++index) {
      if (BPF_CLASS(code_[index].code) != BPF_JMP) continue;
      const auto distance = static_cast<std::uint8_t>(last - index - 1);
      if (code_[index].jt == to_refuse) code_[index].jt = distance;
      if (code_[index].jf == to_refuse) code_[index].jf = distance;
    }
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return code_.size() < to_refuse && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  static constexpr std::uint8_t to_refuse = 255;
  void add(std::uint16_t code, std::uint32_t value) { code_.push_back({code, 0, 0, value}); }
  void jump(std::uint16_t how, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | how | BPF_K), yes, no, value});
  }

  std::vector<sock_filter> code_;
};

// A program may be started by the C library's execve() alone, which Child and run_command() come to by posix_spawn(): a
// call from anywhere else in the process, or from a program started by it, is refused.
void refuse_programs(Filter& filter) {
  constexpr std::uint64_t longest_function = 64;
  const auto begin = reinterpret_cast<std::uintptr_t>(&::execve);
  const std::uint64_t end = begin + longest_function;
  const auto high = static_cast<std::uint32_t>(begin >> 32U);
  if (high != static_cast<std::uint32_t>(end >> 32U)) return;
  constexpr std::uint8_t instructions = 6;
  for (const long call : programs) {
    filter.skip_unless_equal(static_cast<std::uint32_t>(call), instructions);
    filter.load(offsetof(seccomp_data, instruction_pointer) + sizeof(std::uint32_t));
    filter.refuse_unless_equal(high);
    filter.load(offsetof(seccomp_data, instruction_pointer));
    filter.refuse_below(static_cast<std::uint32_t>(begin));
    filter.refuse_from(static_cast<std::uint32_t>(end));
    filter.load(offsetof(seccomp_data, nr));
  }
}

bool filter_calls(bool programs_start_others) {
  if (architecture == 0) return false;
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.refuse_unless_equal(architecture);
  filter.load(offsetof(seccomp_data, nr));
  filter.refuse_from(foreign_calls);
  for (const long call : refused) filter.refuse_if_equal(static_cast<std::uint32_t>(call));
  if (!programs_start_others) refuse_programs(filter);
  return filter.install();
}

// All rights that change something, as far as this version of the kernel's interface knows them.
std::uint64_t rights_of_writing(long version) {
  std::uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                         LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                         LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                         LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
  constexpr std::uint64_t truncate = 1U << 14U;  // since version 3; the header of Debian 12 has no name for it
  if (version >= 3) rights |= truncate;
  return rights;
}

bool allow(int rules, const std::string& path, std::uint64_t rights) {
  const int place = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (place < 0) return false;
  struct stat status = {};
  constexpr std::uint64_t of_files = LANDLOCK_ACCESS_FS_WRITE_FILE | (1U << 14U);
  if (::fstat(place, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= of_files;
  const landlock_path_beneath_attr beneath{rights, place};
  const bool allowed = ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
  ::close(place);
  return allowed;
}

bool restrict_writing(const std::vector<std::string>& writable) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const std::uint64_t rights = rights_of_writing(version);
  const landlock_ruleset_attr handled{rights};
  const auto rules = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (rules < 0) return false;
  bool complete = true;
  for (const std::string& path : writable) {
    struct stat status = {};
    const bool folder = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    const bool special = !folder && ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
    const std::string beside = parent(path).empty() ? "." : parent(path);
    complete = allow(rules, folder || special ? path : beside, rights) && complete;
  }
  (void)allow(rules, "/dev/null", rights);
  // An output whose folder is not there is refused by whoever writes it, in words of its own.
  const bool restricted = complete && ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(rules);
  return restricted;
}

}  // namespace

Confined confine(const Confinement& confinement) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return {};
  Confined done;
  done.writing = restrict_writing(confinement.writable);
  done.calls = filter_calls(confinement.programs_start_others);
  return done;
}

}  // namespace launchgate::io
