// What crosses between TypeScript and the thread that watches processes. Plain data; no Node here.
// The words are those of src/drivers/processes.ts.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "contract.hpp"

namespace holdfast {

// How the parameters of a command are compared, in keepalived's words.
enum class ParamMatch : std::uint8_t {
  None,     // not at all
  Exact,    // all of them, and no more
  Partial,  // these come first; others may follow
  Initial,  // like Partial, and the last one may be longer than written
};

// One set of processes to count.
struct ProcessTracker {
  std::string name;
  std::string process;  // the kernel's name of the process, or argv[0] of its command line
  std::vector<std::string> parameters;
  ParamMatch param_match = ParamMatch::None;
  bool full_command = false;

  // Parameters are in the command line alone.
  [[nodiscard]] bool by_command() const { return full_command || param_match != ParamMatch::None; }
};

// ---- commands. Keys and names stay on the JS side.

struct WatchProcess {
  std::uint64_t serial = 0;
  pid_t pid = 0;
};

struct UnwatchProcess {
  std::uint64_t serial = 0;
};

struct CountProcesses {
  std::uint64_t generation = 0;
  std::vector<ProcessTracker> trackers;
};

using ProcessesCommand = std::variant<WatchProcess, UnwatchProcess, CountProcesses>;

// ---- reports

struct ProcessGone {
  std::uint64_t serial = 0;
  pid_t pid = 0;
};

struct ProcessesCounted {
  std::uint64_t generation = 0;
  std::size_t tracker = 0;
  std::uint32_t count = 0;
};

// The kernel does not tell by itself: holdfast looks.
struct ProcessesPolled {
  enum class What : std::uint8_t { Gone, Counted };
  What what = What::Gone;
  std::string why;
};

struct ProcessesReport {
  Instant at = 0;
  std::variant<ProcessGone, ProcessesCounted, ProcessesPolled> body;
};

struct ProcessesCounters {
  std::uint64_t events = 0;   // read from the kernel
  std::uint64_t looks = 0;    // processes looked at in /proc
  std::uint64_t surveys = 0;  // times that all of /proc was gone through
  std::uint64_t losses = 0;   // times that the kernel had to throw events away
};

}  // namespace holdfast
