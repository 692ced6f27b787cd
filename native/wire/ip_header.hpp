// The IP header around a VRRP message. Written for raw sockets that include it and for tests; read
// because adverts arrive through a packet socket, below the host's firewall, and there nobody has
// checked the header before us.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/vrrp.hpp"

namespace holdfast {

inline constexpr std::uint8_t kProtocolAh = 51;
inline constexpr std::size_t kIpv4HeaderSize = 20;
inline constexpr std::size_t kIpv6HeaderSize = 40;

// Both addresses are of one family, which decides the header. `id` is IPv4's alone; a raw socket
// fills in a zero one.
struct IpHeader {
  IpAddress source;
  IpAddress destination;
  std::uint8_t ttl = 255;
  std::uint16_t id = 0;
  std::uint8_t protocol = kProtocolVrrp;
};

// As keepalived sends: class selector 6, DF clear, no options, no flow label. Yields the header's
// length, or 0 when `room` is too small for it or `payload` too large for the length field.
std::size_t write_ip_header(const IpHeader& header, std::size_t payload,
                            std::span<std::uint8_t> room);

// The header and the message behind it; empty when write_ip_header would yield 0.
std::vector<std::uint8_t> ip_packet(const IpHeader& header, std::span<const std::uint8_t> message);

// A packet as a datagram packet socket yields it: it begins at the IP header and may end in link
// padding. Nothing for a damaged or truncated header, a fragment, or another protocol than VRRP.
std::optional<Packet> parse_ip(std::span<const std::uint8_t> octets);

}  // namespace holdfast
