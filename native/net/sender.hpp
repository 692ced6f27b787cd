// Puts finished packets on the wire, many per system call. Multicast adverts, ARP and NA go out as
// frames through a packet socket: past netfilter and routing, so no rule and no missing route stops
// them. Unicast needs both a route and a neighbour, so it goes through raw IP sockets.
// It builds no header but the link layer's and retries nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fd.hpp"
#include "result.hpp"
#include "wire/ethernet.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

// RFC 1112 §6.4, RFC 2464 §7: where a multicast group lives on Ethernet.
MacAddress multicast_mac(const IpAddress& group);

struct Frame {
  std::uint32_t index = 0;  // the interface; its own address becomes the frame's source
  std::uint16_t ethertype = 0;
  MacAddress destination{};
  std::span<const std::uint8_t> payload;  // an IP packet or an ARP body
};

struct Datagram {
  std::uint32_t index = 0;
  IpAddress destination;
  // From the IP header on, checksums included. Its source address is what leaves.
  std::span<const std::uint8_t> packet;
};

struct SendError {
  std::size_t position = 0;  // in the span that was handed in
  int code = 0;              // errno
};

class Sender {
 public:
  static constexpr std::size_t kBatchMax = 128;

  static Result<Sender> open();

  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) noexcept;
  ~Sender();

  // How many left. One that fails is appended to `errors` and skipped; the others still go.
  std::size_t send(std::span<const Frame> frames, std::vector<SendError>& errors);
  // As above. The two families may be mixed.
  std::size_t send_unicast(std::span<const Datagram> datagrams, std::vector<SendError>& errors);

 private:
  struct Slots;

  Sender(UniqueFd link, UniqueFd ipv4, UniqueFd ipv6, std::unique_ptr<Slots> slots);

  // The first `count` slots; `first` is the position of slot 0 in the caller's span.
  std::size_t flush(int fd, std::size_t count, std::size_t first, std::vector<SendError>& errors);

  UniqueFd link_;
  UniqueFd ipv4_;
  UniqueFd ipv6_;  // none where the kernel has no IPv6
  std::unique_ptr<Slots> slots_;
};

}  // namespace holdfast
