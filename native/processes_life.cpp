#include "processes_life.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace holdfast {

namespace {

constexpr std::size_t kStatMax = 1024;
constexpr std::size_t kNameMax = 64;
constexpr std::size_t kDirectorySize = 32 * 1024;
// The places of fields in /proc/PID/stat behind the name, which may hold anything.
constexpr int kThreads = 17;
constexpr int kStarted = 19;

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

// What pidfd_open says when no process has this number; it may belong to a thread.
bool means_gone(int code) { return code == ESRCH || code == EINVAL || code == ENOENT; }

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  const std::size_t bracket = text.rfind(") ");
  if (bracket == std::string_view::npos) return std::nullopt;
  text.remove_prefix(bracket + 2);
  ProcessStat stat;
  for (int field = 0; field <= kStarted; ++field) {
    const std::size_t end = text.find(' ');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (word.empty()) return std::nullopt;
    if (field == 0) stat.state = word.front();
    if (field == kThreads) {
      const auto threads = number<std::uint32_t>(word);
      if (!threads) return std::nullopt;
      stat.threads = *threads;
    }
    if (field == kStarted) {
      const auto started = number<std::uint64_t>(word);
      if (!started) return std::nullopt;
      stat.started = *started;
    }
  }
  return stat;
}

// ---- /proc

Result<ProcessFiles> ProcessFiles::open() {
  UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!proc) return last_error("open /proc");
  return ProcessFiles(std::move(proc));
}

std::optional<std::string_view> ProcessFiles::read(pid_t pid, const char* file, std::size_t max) {
  std::array<char, 32> path{};
  (void)snprintf(path.data(), path.size(), "%d/%s", pid, file);
  const UniqueFd fd(openat(proc_.get(), path.data(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  if (buffer_.size() < max) buffer_.resize(max);
  ssize_t got = 0;
  do got = ::read(fd.get(), buffer_.data(), max);
  while (got < 0 && errno == EINTR);
  if (got < 0) return std::nullopt;
  return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
}

std::optional<std::string_view> ProcessFiles::name(pid_t pid) {
  auto text = read(pid, "comm", kNameMax);
  if (text && text->ends_with('\n')) text->remove_suffix(1);
  return text;
}

std::optional<std::string_view> ProcessFiles::command(pid_t pid, std::size_t max) {
  return read(pid, "cmdline", max);
}

std::optional<ProcessStat> ProcessFiles::stat(pid_t pid) {
  const auto text = read(pid, "stat", kStatMax);
  return text ? parse_process_stat(*text) : std::nullopt;
}

Status ProcessFiles::list(std::vector<pid_t>& pids) {
  if (lseek(proc_.get(), 0, SEEK_SET) < 0) return last_error("lseek /proc");
  std::vector<char> entries(kDirectorySize);
  for (;;) {
    const long got = syscall(SYS_getdents64, proc_.get(), entries.data(), entries.size());
    if (got < 0) return last_error("getdents64 /proc");
    if (got == 0) return Done{};
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      // d_reclen and d_name of struct dirent64, which may not be aligned for us.
      std::uint16_t length = 0;
      std::memcpy(&length, entries.data() + at + offsetof(dirent64, d_reclen), sizeof length);
      const char* name = entries.data() + at + offsetof(dirent64, d_name);
      if (const auto pid = number<pid_t>(name)) pids.push_back(*pid);
      at += length;
    }
  }
}

// ---- life

Result<ProcessLife> ProcessLife::of(pid_t pid, bool pidfd, ProcessFiles& files,
                                    std::optional<int>& refusal) {
  if (pidfd) {
    UniqueFd fd = open_pidfd(pid);
    if (fd) return ProcessLife(pid, std::move(fd), 0);
    if (means_gone(errno)) return Error{"pidfd_open", ESRCH};
    refusal = errno;
  }
  const auto stat = files.stat(pid);
  if (!stat || stat->ended()) return Error{"process", ESRCH};
  return ProcessLife(pid, UniqueFd(), stat->started);
}

Result<ProcessLife> ProcessLife::guard(ProcessLife life, int epoll, std::uint64_t tag,
                                       ProcessFiles& files, std::optional<int>& refusal) {
  if (life.fd() < 0) return life;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, life.fd(), &event) == 0) return life;
  refusal = errno;
  Result<ProcessLife> other = of(life.pid(), false, files, refusal);
  // While the first one lives, the number is still its own.
  if (life.ended(files)) return Error{"process", ESRCH};
  return other;
}

bool ProcessLife::ended(ProcessFiles& files) const {
  if (fd_) {
    pollfd wanted{fd_.get(), POLLIN, 0};
    int ready = 0;
    do ready = poll(&wanted, 1, 0);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
  }
  const auto stat = files.stat(pid_);
  return !stat || stat->ended() || stat->started != started_;
}

}  // namespace holdfast
