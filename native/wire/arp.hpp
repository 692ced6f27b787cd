// Gratuitous ARP: "this address is at this hardware address from here on". No sockets: the payload
// goes out through a packet socket that makes the Ethernet header.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "wire/ethernet.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

inline constexpr std::size_t kArpSize = 28;

// The request form that keepalived and FRR send: target hardware address all ones. Linux replaces
// an entry at once on it; a reply to broadcast would be ignored. `address` is IPv4.
std::array<std::uint8_t, kArpSize> gratuitous_arp(const MacAddress& sender,
                                                  const IpAddress& address);

std::vector<std::uint8_t> gratuitous_arp_frame(const MacAddress& sender, const IpAddress& address);

}  // namespace holdfast
