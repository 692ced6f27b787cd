#include "programs_launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace holdfast {

namespace {

constexpr std::size_t kStack = 256 << 10;
// An argument list that glibc copies on the stack, when the file is no program but a script.
constexpr std::size_t kWordsMax = 8192;
constexpr int kSignals = 64;
// All of them, glibc's own as well, which its sigset functions leave out.
constexpr std::uint64_t kEverySignal = ~std::uint64_t{0};

// What the child needs. It must not allocate, nor touch what another thread may hold a lock on.
struct Plan {
  char* const* words = nullptr;
  char* const* environment = nullptr;
  int input = -1;
  int output = -1;
  const ProgramAccount* account = nullptr;
  const std::vector<gid_t>* groups = nullptr;
  const mode_t* umask = nullptr;
  bool mortal = false;
  const char* what = "";  // the answer: what failed
  int error = 0;
};

int mask_signals(std::uint64_t mask, std::uint64_t* before) {
  return static_cast<int>(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, sizeof mask));
}

int failed(Plan& plan, const char* what) {
  plan.what = what;
  plan.error = errno;
  return 127;
}

// [child] The system calls themselves: glibc would change the user of every thread of ours.
int become(Plan& plan) {
  const ProgramAccount& account = *plan.account;
  const std::size_t count = plan.groups->size();
  // Who may not give up groups has none but its own, and fails below if it may not do that either.
  if (syscall(SYS_setgroups, count, plan.groups->data()) != 0 && count > 0) {
    return failed(plan, "setgroups");
  }
  if (syscall(SYS_setresgid, account.gid, account.gid, account.gid) != 0) {
    return failed(plan, "setgid");
  }
  if (syscall(SYS_setresuid, account.uid, account.uid, account.uid) != 0) {
    return failed(plan, "setuid");
  }
  return 0;
}

// [child] On a stack of its own in our memory, and alone: the thread waits for it.
__attribute__((no_sanitize("address", "undefined"))) int begin(void* data) {
  Plan& plan = *static_cast<Plan*>(data);
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  for (int number = 1; number <= kSignals; ++number) (void)sigaction(number, &plain, nullptr);
  if (setsid() < 0) return failed(plan, "setsid");
  if (plan.umask != nullptr) (void)umask(*plan.umask);
  if (plan.account != nullptr) {
    if (const int refused = become(plan); refused != 0) return refused;
  }
  // After the change of user, which would undo it.
  if (plan.mortal) (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (dup2(plan.input, STDIN_FILENO) < 0 || dup2(plan.output, STDOUT_FILENO) < 0 ||
      dup2(plan.output, STDERR_FILENO) < 0) {
    return failed(plan, "dup2");
  }
  // Ours close by themselves; what we were started with may not.
  (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
  (void)mask_signals(0, nullptr);
  // Looks in PATH, and gives what is no program to /bin/sh, as keepalived does.
  execvpe(plan.words[0], plan.words, plan.environment);
  return failed(plan, "execve");
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

std::vector<gid_t> groups_of(const std::optional<ProgramAccount>& account) {
  if (!account || account->groups_of.empty()) return {};
  std::vector<gid_t> groups(64);
  for (;;) {
    int count = static_cast<int>(groups.size());
    const int got = getgrouplist(account->groups_of.c_str(), account->gid, groups.data(), &count);
    if (got < 0 && count > static_cast<int>(groups.size())) {
      groups.resize(static_cast<std::size_t>(count));
      continue;
    }
    groups.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return groups;
  }
}

}  // namespace

Result<Launcher> Launcher::open() {
  UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) return last_error("open /dev/null");
  void* stack =
      mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return last_error("mmap");
  return Launcher(std::move(nothing), stack);
}

Launcher::Launcher(Launcher&& other) noexcept
    : nothing_(std::move(other.nothing_)), stack_(std::exchange(other.stack_, nullptr)) {}

Launcher::~Launcher() {
  if (stack_ != nullptr) (void)munmap(stack_, kStack);
}

Result<Launched> Launcher::launch(const StartProgram& order) {
  if (order.words.size() > kWordsMax) return Error{"execve", E2BIG};
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return last_error("pipe2");
  UniqueFd output(ends[0]);
  const UniqueFd input(ends[1]);
  if (fcntl(output.get(), F_SETFL, O_NONBLOCK) != 0) return last_error("fcntl");
  const std::vector<char*> words = pointers(order.words);
  const std::vector<char*> environment = pointers(order.environment);
  const std::vector<gid_t> groups = groups_of(order.account);
  Plan plan;
  plan.words = words.data();
  plan.environment = environment.data();
  plan.input = nothing_.get();
  plan.output = input.get();
  plan.account = order.account ? &*order.account : nullptr;
  plan.groups = &groups;
  plan.umask = order.umask ? &*order.umask : nullptr;
  plan.mortal = order.mortal;
  // A handler of ours that ran in the child would run in our memory.
  std::uint64_t before = 0;
  (void)mask_signals(kEverySignal, &before);
  int life = -1;
  const pid_t pid = clone(begin, static_cast<char*>(stack_) + kStack,
                          CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &life);
  const int error = errno;
  (void)mask_signals(before, nullptr);
  if (pid < 0) return Error{"clone", error};
  Launched launched{pid, UniqueFd(life), std::move(output)};
  if (plan.error == 0) return launched;
  siginfo_t info{};
  (void)waitid(P_PIDFD, static_cast<id_t>(life), &info, WEXITED);
  return Error{plan.what, plan.error};
}

}  // namespace holdfast
