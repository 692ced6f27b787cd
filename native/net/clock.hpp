// The one clock of the data plane: CLOCK_MONOTONIC in microseconds. Wall time appears nowhere else
// but in advert_socket, where the kernel's arrival stamp is turned into this one.
#pragma once

#include <ctime>

#include "contract.hpp"

namespace holdfast {

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;
inline constexpr Duration kMicrosecondsPerSecond = 1'000'000;

inline std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kNanosecondsPerSecond + time.tv_nsec;
}

inline std::int64_t clock_nanoseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return nanoseconds(time);
}

inline Instant monotonic_now() {
  return clock_nanoseconds(CLOCK_MONOTONIC) / kNanosecondsPerMicrosecond;
}

}  // namespace holdfast
