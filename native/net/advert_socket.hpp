// Receives adverts of one family on one interface, below the host's own firewall: a packet socket
// sees what reached the interface, whatever nft or iptables do with protocol 112 later.
// It delivers IP packets with the time of their arrival and judges nothing in them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "contract.hpp"
#include "fd.hpp"
#include "result.hpp"

namespace holdfast {

struct Received {
  // From the IP header on. May be followed by the padding of a short Ethernet frame: the packet's
  // own length field says where it ends. Valid until the receiver's next recv().
  std::span<const std::uint8_t> packet;
  Instant arrived = 0;  // when the kernel took it from the interface, not when it was read
};

class AdvertReceiver {
 public:
  static constexpr std::size_t kBatchMax = 64;
  // IPv6 header, VRRP header and 255 addresses: 4128 octets. Longer packets are cut.
  static constexpr std::size_t kPacketMax = 4352;

  // `family`: 4 or 6. A receiver survives its interface going down and up; not its deletion.
  static Result<AdvertReceiver> open(std::uint32_t index, std::uint8_t family);

  AdvertReceiver(AdvertReceiver&&) noexcept;
  AdvertReceiver& operator=(AdvertReceiver&&) noexcept;
  ~AdvertReceiver();

  [[nodiscard]] int fd() const { return fd_.get(); }

  // How many were put into `out`, at most kBatchMax. Fewer than asked for: the socket is empty.
  Result<std::size_t> recv(std::span<Received> out);

  // Packets lost since open because this thread did not read in time.
  std::uint64_t dropped();

 private:
  struct Slots;

  AdvertReceiver(UniqueFd fd, std::unique_ptr<Slots> slots);

  [[nodiscard]] Instant arrival(std::size_t position, std::int64_t now, std::int64_t offset) const;

  UniqueFd fd_;
  std::unique_ptr<Slots> slots_;
  Instant drained_at_ = 0;  // the socket was empty then, so what comes later arrived later
  std::uint64_t dropped_ = 0;
};

}  // namespace holdfast
