#include "wire/ndisc.hpp"

#include "wire/checksum.hpp"

namespace holdfast {

namespace {

constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::size_t kHeaderSize = 40;
constexpr IpAddress kAllNodes{6, {0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01}};

}  // namespace

std::array<std::uint8_t, kNeighbourAdvertSize> unsolicited_advert(const MacAddress& link,
                                                                  const IpAddress& address,
                                                                  NeighbourFlags flags) {
  constexpr std::uint8_t kNeighbourAdvert = 136;
  constexpr std::uint8_t kTargetLinkLayer = 2;
  constexpr std::size_t kIcmpSize = kNeighbourAdvertSize - kHeaderSize;
  const auto flag_octet =
      static_cast<std::uint8_t>((flags.router ? 0x80 : 0) | (flags.overrides ? 0x20 : 0));

  std::array<std::uint8_t, kNeighbourAdvertSize> packet{};
  Writer(packet)
      .u32(0x60000000)
      .u16(kIcmpSize)
      .u8(kIcmpv6)
      .u8(255)
      .bytes(address.bytes().first<16>())
      .bytes(kAllNodes.bytes())
      .u8(kNeighbourAdvert)
      .u8(0)
      .u16(0)  // checksum, below
      .u8(flag_octet)
      .zeros(3)
      .bytes(address.bytes().first<16>())
      .u8(kTargetLinkLayer)
      .u8(1)  // in units of 8 octets
      .bytes(link);

  const std::span<std::uint8_t> icmp = std::span(packet).subspan(kHeaderSize);
  Checksum sum = pseudo_header(address, kAllNodes, kIcmpSize, kIcmpv6);
  Writer(icmp.subspan(2, 2)).u16(sum.add(icmp).value());
  return packet;
}

std::vector<std::uint8_t> unsolicited_advert_frame(const MacAddress& link, const IpAddress& address,
                                                   NeighbourFlags flags) {
  return ethernet_frame(kAllNodesMac, link, kEtherTypeIpv6,
                        unsolicited_advert(link, address, flags));
}

}  // namespace holdfast
