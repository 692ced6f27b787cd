// The doorbell of the data plane's thread: an eventfd. ring() is the only call in net/ that another
// thread may make; many rings before an answer are one wake-up.
#pragma once

#include <sys/eventfd.h>

#include <cstdint>

#include "fd.hpp"
#include "result.hpp"

namespace holdfast {

class WakeFd {
 public:
  static Result<WakeFd> open() {
    UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd) return last_error("eventfd");
    return WakeFd(std::move(fd));
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  // [any thread] A full counter (EAGAIN) means that the bell is ringing already.
  void ring() const {
    const std::uint64_t one = 1;
    ssize_t put = 0;
    do put = ::write(fd_.get(), &one, sizeof one);
    while (put < 0 && errno == EINTR);
  }

  // Whether somebody rang since the last answer.
  bool answer() {
    std::uint64_t rings = 0;
    ssize_t got = 0;
    do got = ::read(fd_.get(), &rings, sizeof rings);
    while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(sizeof rings);
  }

 private:
  explicit WakeFd(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace holdfast
