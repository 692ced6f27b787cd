// A raw socket for protocol 112 beside the packet socket, for what only the IP stack can do: hold
// the multicast membership (snooping switches forward ff02::12 to members alone), and keep the
// kernel from answering unicast adverts with "protocol unreachable". It normally refuses every
// packet; while a probe is open it counts them, which shows what the host's firewall lets through.
#pragma once

#include <cstdint>

#include "fd.hpp"
#include "result.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

class KernelListener {
 public:
  // `family`: 4 or 6. Like a receiver it does not survive the deletion of its interface.
  static Result<KernelListener> open(std::uint32_t index, std::uint8_t family);

  // Joining twice is no error. ENODEV: the family is switched off on this interface.
  Status join(const IpAddress& group);
  // Leaving a group that was not joined is no error.
  Status leave(const IpAddress& group);
  // For link up. The kernel repeats its reports by itself then, but a membership is lost silently
  // when IPv6 was switched off and on meanwhile, while the socket still believes in it.
  Status rejoin(const IpAddress& group);

  // Counting begins at zero.
  Status open_probe();
  // Packets that came through the firewall since the last call. Compare with the receiver's count
  // over the same time: some there and none here means that the firewall drops them.
  std::uint32_t drain();
  Status close_probe();

 private:
  KernelListener(UniqueFd fd, std::uint32_t index, std::uint8_t family)
      : fd_(std::move(fd)), index_(index), family_(family) {}

  Status membership(int option, const IpAddress& group, const char* what);

  UniqueFd fd_;
  std::uint32_t index_ = 0;
  std::uint8_t family_ = 4;
};

}  // namespace holdfast
