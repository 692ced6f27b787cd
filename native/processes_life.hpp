// One process as /proc and its pidfd show it: what it is called, and whether it lives. A process
// is gone when all of its threads have ended, whether or not its parent has noticed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fd.hpp"
#include "result.hpp"

namespace holdfast {

// From /proc/PID/stat.
struct ProcessStat {
  char state = '?';
  std::uint32_t threads = 0;
  std::uint64_t started = 0;  // ticks since boot; with the pid it names one process for ever

  // The first thread may have ended while others go on.
  [[nodiscard]] bool ended() const { return (state == 'Z' || state == 'X') && threads <= 1; }
};

std::optional<ProcessStat> parse_process_stat(std::string_view text);

// /proc, held open. Reads into one buffer: what it returns is valid until the next call.
class ProcessFiles {
 public:
  static Result<ProcessFiles> open();

  // Nothing when there is no such process.
  std::optional<std::string_view> name(pid_t pid);
  // At most `max` octets; empty for kernel threads and zombies.
  std::optional<std::string_view> command(pid_t pid, std::size_t max);
  std::optional<ProcessStat> stat(pid_t pid);
  // Every process that lived from the beginning of the call to its end, and zombies.
  Status list(std::vector<pid_t>& pids);

 private:
  explicit ProcessFiles(UniqueFd proc) : proc_(std::move(proc)) {}
  std::optional<std::string_view> read(pid_t pid, const char* file, std::size_t max);

  UniqueFd proc_;
  std::vector<char> buffer_;
};

// Whether one process lives: its pidfd says so, or where there is none, /proc.
class ProcessLife {
 public:
  // ESRCH: it is gone. `refusal` is set when the kernel would give no pidfd.
  static Result<ProcessLife> of(pid_t pid, bool pidfd, ProcessFiles& files,
                                std::optional<int>& refusal);

  // Has `epoll` report the end of `life` as `tag`; where that is refused, one has to look.
  static Result<ProcessLife> guard(ProcessLife life, int epoll, std::uint64_t tag,
                                   ProcessFiles& files, std::optional<int>& refusal);

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Readable when it is gone; -1 where one has to look.
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool ended(ProcessFiles& files) const;

 private:
  ProcessLife(pid_t pid, UniqueFd fd, std::uint64_t started)
      : pid_(pid), fd_(std::move(fd)), started_(started) {}

  pid_t pid_;
  UniqueFd fd_;
  std::uint64_t started_;
};

}  // namespace holdfast
