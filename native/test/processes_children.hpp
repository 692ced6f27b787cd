// Children for the tests of processes, under names that nothing else on this host has.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace holdfast::test {

inline std::string own_name(char letter) { return letter + std::to_string(getpid()); }

// A child of this name that waits to be killed.
class Child {
 public:
  explicit Child(const std::string& name) : pid_(fork()) {
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, name.c_str());
    for (;;) pause();
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Child(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    kill();
    reap();
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  void kill() const { ::kill(pid_, SIGKILL); }
  void reap() { waitpid(std::exchange(pid_, 0), nullptr, 0); }

 private:
  pid_t pid_;
};

}  // namespace holdfast::test
