#include "net/kernel_listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "net/socket_address.hpp"
#include "net/socket_option.hpp"

namespace holdfast {
namespace {

constexpr int kProtocolVrrp = 112;
constexpr std::size_t kDrainBatch = 64;
// An endless stream must not hold the thread in drain().
constexpr std::uint32_t kDrainMax = 8192;

}  // namespace

Result<KernelListener> KernelListener::open(std::uint32_t index, std::uint8_t family) {
  const int domain = family == 4 ? AF_INET : AF_INET6;
  UniqueFd fd(socket(domain, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, kProtocolVrrp));
  if (!fd) return last_error("socket SOCK_RAW 112");
  if (auto done = reject_all(fd.get()); !done) return done.error();
  const int device = static_cast<int>(index);
  if (auto done = set_option(fd.get(), SOL_SOCKET, SO_BINDTOIFINDEX, device, "SO_BINDTOIFINDEX");
      !done) {
    return done.error();
  }
  KernelListener listener(std::move(fd), index, family);
  // A raw socket receives from its creation on, before it had a filter.
  listener.drain();
  return listener;
}

Status KernelListener::join(const IpAddress& group) {
  auto done = membership(MCAST_JOIN_GROUP, group, "MCAST_JOIN_GROUP");
  if (!done && done.error().code == EADDRINUSE) return Done{};
  return done;
}

Status KernelListener::leave(const IpAddress& group) {
  auto done = membership(MCAST_LEAVE_GROUP, group, "MCAST_LEAVE_GROUP");
  if (!done && done.error().code == EADDRNOTAVAIL) return Done{};
  return done;
}

Status KernelListener::rejoin(const IpAddress& group) {
  (void)leave(group);
  return join(group);
}

Status KernelListener::membership(int option, const IpAddress& group, const char* what) {
  group_req request{};
  request.gr_interface = index_;
  request.gr_group = socket_address(group).storage;
  const int level = family_ == 4 ? IPPROTO_IP : IPPROTO_IPV6;
  return set_option(fd_.get(), level, option, request, what);
}

Status KernelListener::open_probe() {
  drain();
  if (auto done = set_option(fd_.get(), SOL_SOCKET, SO_DETACH_FILTER, 0, "SO_DETACH_FILTER");
      !done) {
    // No filter to detach: the probe is open already.
    if (done.error().code != ENOENT) return done;
  }
  return Done{};
}

std::uint32_t KernelListener::drain() {
  // No room for data: each packet is cut to nothing and counted.
  std::array<mmsghdr, kDrainBatch> headers{};
  std::uint32_t count = 0;
  while (count < kDrainMax) {
    const int got = recvmmsg(fd_.get(), headers.data(), kDrainBatch, 0, nullptr);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    count += static_cast<std::uint32_t>(got);
  }
  return count;
}

Status KernelListener::close_probe() {
  auto done = reject_all(fd_.get());
  drain();
  return done;
}

}  // namespace holdfast
