// Socket options with a Result, and classic BPF programs. What every socket of net/ needs and the
// kernel spells verbosely; no socket is opened here.
#pragma once

#include <linux/filter.h>
#include <sys/socket.h>

#include <cstdint>
#include <span>
#include <string>

#include "result.hpp"

namespace holdfast {

template <typename T>
Status set_option(int fd, int level, int name, const T& value, const char* what) {
  if (setsockopt(fd, level, name, &value, sizeof value) != 0) return last_error(what);
  return Done{};
}

// FORCE passes net.core.rmem_max and needs CAP_NET_ADMIN; without it the kernel's bound has to do.
inline Status set_receive_buffer(int fd, int bytes) {
  if (set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes, "SO_RCVBUFFORCE")) return Done{};
  return set_option(fd, SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF");
}

inline Status set_send_buffer(int fd, int bytes) {
  if (set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes, "SO_SNDBUFFORCE")) return Done{};
  return set_option(fd, SOL_SOCKET, SO_SNDBUF, bytes, "SO_SNDBUF");
}

inline Status attach_filter(int fd, std::span<const sock_filter> program) {
  sock_fprog code{};
  code.len = static_cast<unsigned short>(program.size());
  code.filter = const_cast<sock_filter*>(program.data());  // the kernel only reads it
  return set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, code, "SO_ATTACH_FILTER");
}

// For sockets that must exist but never be read: a packet costs the kernel no copy and no queue.
inline Status reject_all(int fd) {
  static constexpr sock_filter kReject[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  return attach_filter(fd, kReject);
}

}  // namespace holdfast
