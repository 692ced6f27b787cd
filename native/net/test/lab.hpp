// A small network for the tests of net/: nodes "a" and "b" on a bridge, each in a namespace that
// has no name and so vanishes with this process. Must run as root inside a namespace of its own.
#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "fd.hpp"
#include "net/clock.hpp"

namespace holdfast::lab {

inline void require(bool good, const std::string& what) {
  if (good) return;
  std::perror(what.c_str());
  std::abort();
}

// The command runs in the namespace that is current.
inline void run(const std::string& command) {
  require(std::system(("set -e; " + command).c_str()) == 0, command);
}

inline std::string output(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  require(pipe != nullptr, command);
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

// Until `condition` holds, at most ten seconds; whether it did.
inline bool eventually(const std::function<bool()>& condition) {
  const Instant limit = monotonic_now() + 10 * kMicrosecondsPerSecond;
  while (!condition()) {
    if (monotonic_now() > limit) return false;
    poll(nullptr, 0, 2);
  }
  return true;
}

inline bool readable(int fd) {
  pollfd wanted{fd, POLLIN, 0};
  return poll(&wanted, 1, 10'000) == 1;
}

inline UniqueFd current_namespace() {
  UniqueFd fd(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  require(static_cast<bool>(fd), "open namespace");
  return fd;
}

class Namespace {
 public:
  Namespace() {
    const UniqueFd before = current_namespace();
    require(unshare(CLONE_NEWNET) == 0, "unshare");
    fd_ = current_namespace();
    // No duplicate address detection: addresses are usable at once.
    run("for i in all default lo; do echo 0 > /proc/sys/net/ipv6/conf/$i/accept_dad; done");
    run("ip link set lo up");
    require(setns(before.get(), CLONE_NEWNET) == 0, "setns");
  }

  // Sockets opened in `work` stay in this namespace for ever.
  template <typename Work>
  auto in(Work work) const {
    struct Back {
      UniqueFd before = current_namespace();
      ~Back() { require(setns(before.get(), CLONE_NEWNET) == 0, "setns"); }
    } back;
    require(setns(fd_.get(), CLONE_NEWNET) == 0, "setns");
    return work();
  }

  [[nodiscard]] std::string path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.get());
  }

 private:
  UniqueFd fd_;
};

struct Network {
  Namespace hub;
  Namespace a;  // eth0: 10.0.0.1/24, fd00::1/64, 02:00:00:00:00:0a
  Namespace b;  // eth0: 10.0.0.2/24, fd00::2/64, 02:00:00:00:00:0b

  Network() {
    hub.in([&] {
      // A switch, not a firewall: br_netfilter would drop or reassemble what the tests send.
      run("for f in /proc/sys/net/bridge/bridge-nf-call-ip*; do test ! -e $f || echo 0 > $f; done");
      run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up");
      plug("port_a", a);
      plug("port_b", b);
    });
    a.in([] { address("02:00:00:00:00:0a", "1"); });
    b.in([] { address("02:00:00:00:00:0b", "2"); });
  }

  [[nodiscard]] std::uint32_t a_index() const { return index_in(a); }
  [[nodiscard]] std::uint32_t b_index() const { return index_in(b); }

 private:
  static std::uint32_t index_in(const Namespace& node) {
    return node.in([] { return if_nametoindex("eth0"); });
  }
  static void plug(const std::string& port, const Namespace& node) {
    run("ip link add " + port + " type veth peer name eth0 netns " + node.path());
    run("ip link set " + port + " master br0 up");
  }
  static void address(const std::string& mac, const std::string& host) {
    run("echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad");
    run("ip link set eth0 address " + mac + " up");
    run("ip addr add 10.0.0." + host + "/24 dev eth0");
    run("ip addr add fd00::" + host + "/64 dev eth0 nodad");
    require(eventually([] { return output("cat /sys/class/net/eth0/operstate").find("up") == 0; }),
            "eth0 up");
  }
};

}  // namespace holdfast::lab
