#include "wire/arp.hpp"

namespace holdfast {

std::array<std::uint8_t, kArpSize> gratuitous_arp(const MacAddress& sender,
                                                  const IpAddress& address) {
  constexpr std::uint16_t kEthernet = 1;
  constexpr std::uint16_t kRequest = 1;
  const auto octets = address.bytes().first<4>();
  std::array<std::uint8_t, kArpSize> arp{};
  Writer(arp)
      .u16(kEthernet)
      .u16(kEtherTypeIpv4)
      .u8(static_cast<std::uint8_t>(sender.size()))
      .u8(static_cast<std::uint8_t>(octets.size()))
      .u16(kRequest)
      .bytes(sender)
      .bytes(octets)
      .bytes(kBroadcastMac)
      .bytes(octets);
  return arp;
}

std::vector<std::uint8_t> gratuitous_arp_frame(const MacAddress& sender, const IpAddress& address) {
  return ethernet_frame(kBroadcastMac, sender, kEtherTypeArp, gratuitous_arp(sender, address));
}

}  // namespace holdfast
