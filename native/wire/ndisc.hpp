// Unsolicited neighbour advertisement: for IPv6 what gratuitous ARP is for IPv4. The packet carries
// its own IPv6 header and checksum, for a packet socket: a raw ICMPv6 socket could not send from
// an address that is being added in the same moment.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "wire/ethernet.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

inline constexpr std::size_t kNeighbourAdvertSize = 72;

// The S flag is always clear: a solicited one to a multicast group is ignored (RFC 4861 §7.1.2).
struct NeighbourFlags {
  // On a gateway it must be set: with R=0 hosts drop the VIP as default router (RFC 4861 §7.2.5).
  bool router = true;
  // Clear, it would not replace a reachable entry.
  bool overrides = true;
};

// Source and target are `address`, destination ff02::1, hop limit 255.
std::array<std::uint8_t, kNeighbourAdvertSize> unsolicited_advert(const MacAddress& link,
                                                                  const IpAddress& address,
                                                                  NeighbourFlags flags);

std::vector<std::uint8_t> unsolicited_advert_frame(const MacAddress& link, const IpAddress& address,
                                                   NeighbourFlags flags);

}  // namespace holdfast
