// Hardware addresses of VRRP and the Ethernet header. Packet sockets get their header from the
// kernel; whole frames are for tests and captures.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "wire/bytes.hpp"

namespace holdfast {

using MacAddress = std::array<std::uint8_t, 6>;

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;

inline constexpr MacAddress kBroadcastMac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
// ff02::1, where unsolicited advertisements go.
inline constexpr MacAddress kAllNodesMac{0x33, 0x33, 0x00, 0x00, 0x00, 0x01};

// RFC 9568 §7.3.
inline constexpr MacAddress virtual_mac(std::uint8_t family, std::uint8_t vrid) {
  return {0x00, 0x00, 0x5e, 0x00, static_cast<std::uint8_t>(family == 6 ? 2 : 1), vrid};
}

inline std::vector<std::uint8_t> ethernet_frame(const MacAddress& destination,
                                                const MacAddress& source, std::uint16_t type,
                                                std::span<const std::uint8_t> payload) {
  std::vector<std::uint8_t> frame(14 + payload.size());
  Writer(frame).bytes(destination).bytes(source).u16(type).bytes(payload);
  return frame;
}

}  // namespace holdfast
