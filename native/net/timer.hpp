// One absolute alarm on CLOCK_MONOTONIC, readable by epoll. Absolute, so that a late wake-up never
// shifts the next one. It knows nothing of what it wakes for.
#pragma once

#include <sys/timerfd.h>

#include <algorithm>

#include "fd.hpp"
#include "net/clock.hpp"
#include "result.hpp"

namespace holdfast {

class Timer {
 public:
  static Result<Timer> open() {
    UniqueFd fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!fd) return last_error("timerfd_create");
    return Timer(std::move(fd));
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Replaces an earlier alarm. An instant that has passed fires at once.
  Status arm(Instant at) {
    // All zero would disarm, so the epoch itself becomes its first microsecond.
    const Instant wanted = std::max<Instant>(at, 1);
    itimerspec setting{};
    setting.it_value.tv_sec = wanted / kMicrosecondsPerSecond;
    setting.it_value.tv_nsec = (wanted % kMicrosecondsPerSecond) * kNanosecondsPerMicrosecond;
    return set(setting);
  }

  Status disarm() { return set(itimerspec{}); }

  // Whether it has fired since the last read; makes the fd quiet again.
  bool read() {
    std::uint64_t expirations = 0;
    ssize_t got = 0;
    do got = ::read(fd_.get(), &expirations, sizeof expirations);
    while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(sizeof expirations);
  }

 private:
  explicit Timer(UniqueFd fd) : fd_(std::move(fd)) {}

  Status set(const itimerspec& setting) {
    if (timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &setting, nullptr) != 0) {
      return last_error("timerfd_settime");
    }
    return Done{};
  }

  UniqueFd fd_;
};

}  // namespace holdfast
