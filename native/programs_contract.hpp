// What is asked of the thread that runs programs, and what it reports.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "net/clock.hpp"

namespace holdfast {

// Whom a program runs as. Other groups than `gid` are given up, but for those of `groups_of`.
struct ProgramAccount {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string groups_of;  // a user's name; empty: none
};

struct StartProgram {
  std::uint64_t serial = 0;
  std::vector<std::string> words;        // the program, looked for in PATH; then its arguments
  std::vector<std::string> environment;  // NAME=value
  std::optional<ProgramAccount> account;
  std::optional<mode_t> umask;
  bool mortal = false;  // SIGTERM when this process ends
};

// To the program and those that it started (its process group).
struct SignalProgram {
  std::uint64_t serial = 0;
  int signal = 0;
};

using ProgramsCommand = std::variant<StartProgram, SignalProgram>;

struct ProgramEnded {
  enum class How : std::uint8_t { Exited, Signalled, Refused };
  Instant at = 0;
  std::uint64_t serial = 0;
  How how = How::Exited;
  int code = 0;        // status, signal or errno
  bool told = false;   // it was signalled by us before it ended
  std::string output;  // the end of what it printed, both streams; of a refusal what failed
};

}  // namespace holdfast
