// Starts a program without a copy of this process: the child borrows our memory until it is the
// program (CLONE_VFORK). With fork() each start costs milliseconds, and page faults to all threads.
#pragma once

#include <sys/types.h>

#include "fd.hpp"
#include "programs_contract.hpp"
#include "result.hpp"

namespace holdfast {

struct Launched {
  pid_t pid = 0;
  UniqueFd life;    // a pidfd
  UniqueFd output;  // both streams, non-blocking
};

class Launcher {
 public:
  static Result<Launcher> open();
  Launcher(Launcher&& other) noexcept;
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;
  Launcher& operator=(Launcher&&) = delete;
  ~Launcher();

  // Waits until it is the program: a fraction of a millisecond, longer where names of groups are
  // asked of a server. The error is what kept it from it, of `execve` mostly. Own session, own
  // process group; default signals; nothing of our descriptors.
  Result<Launched> launch(const StartProgram& order);

 private:
  Launcher(UniqueFd nothing, void* stack) : nothing_(std::move(nothing)), stack_(stack) {}

  UniqueFd nothing_;  // /dev/null
  void* stack_;
};

}  // namespace holdfast
