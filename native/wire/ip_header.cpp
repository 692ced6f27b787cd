#include "wire/ip_header.hpp"

#include <algorithm>

#include "wire/bytes.hpp"
#include "wire/checksum.hpp"

namespace holdfast {

namespace {

constexpr std::uint8_t kClassSelector6 = 0xc0;

std::optional<Packet> parse_ipv4(std::span<const std::uint8_t> octets) {
  Reader reader(octets);
  const std::size_t header_size = (reader.u8() & 0x0fU) * 4U;
  reader.skip(1);
  const std::size_t total = reader.u16();
  reader.skip(2);
  const std::uint16_t fragment = reader.u16();
  Packet packet;
  packet.ttl = reader.u8();
  const std::uint8_t protocol = reader.u8();
  reader.skip(2);
  const auto source = reader.bytes(4);
  const auto destination = reader.bytes(4);
  if (!reader.ok() || header_size < kIpv4HeaderSize) return std::nullopt;
  if (total < header_size || total > octets.size()) return std::nullopt;
  if (protocol != kProtocolVrrp) return std::nullopt;
  // More fragments, or not the first: what it seems to say may not be what the sender said.
  if ((fragment & 0x3fff) != 0) return std::nullopt;
  if (!Checksum().add(octets.first(header_size)).good()) return std::nullopt;
  packet.source = IpAddress::from_bytes(source);
  packet.destination = IpAddress::from_bytes(destination);
  packet.message = octets.subspan(header_size, total - header_size);
  return packet;
}

// Extension headers are not followed: no VRRP router sends any, and a fragment is one.
std::optional<Packet> parse_ipv6(std::span<const std::uint8_t> octets) {
  Reader reader(octets);
  reader.skip(4);
  const std::size_t length = reader.u16();
  const std::uint8_t next_header = reader.u8();
  Packet packet;
  packet.ttl = reader.u8();
  const auto source = reader.bytes(16);
  const auto destination = reader.bytes(16);
  if (!reader.ok() || next_header != kProtocolVrrp || length > reader.left()) return std::nullopt;
  packet.source = IpAddress::from_bytes(source);
  packet.destination = IpAddress::from_bytes(destination);
  packet.message = reader.bytes(length);
  return packet;
}

}  // namespace

std::size_t write_ip_header(const IpHeader& header, std::size_t payload,
                            std::span<std::uint8_t> room) {
  Writer writer(room);
  if (header.source.family == 6) {
    if (payload > 0xffff) return 0;
    writer.u32(0x60000000U | std::uint32_t{kClassSelector6} << 20)
        .u16(static_cast<std::uint16_t>(payload))
        .u8(header.protocol)
        .u8(header.ttl)
        .bytes(header.source.bytes())
        .bytes(header.destination.bytes());
    return writer.ok() ? writer.written() : 0;
  }
  if (payload > 0xffff - kIpv4HeaderSize) return 0;
  writer.u8(0x45)
      .u8(kClassSelector6)
      .u16(static_cast<std::uint16_t>(kIpv4HeaderSize + payload))
      .u16(header.id)
      .u16(0)  // flags and fragment offset
      .u8(header.ttl)
      .u8(header.protocol)
      .u16(0)  // checksum, below
      .bytes(header.source.bytes())
      .bytes(header.destination.bytes());
  if (!writer.ok()) return 0;
  Writer(room.subspan(10, 2)).u16(Checksum().add(room.first(kIpv4HeaderSize)).value());
  return writer.written();
}

std::vector<std::uint8_t> ip_packet(const IpHeader& header, std::span<const std::uint8_t> message) {
  const std::size_t size = header.source.family == 6 ? kIpv6HeaderSize : kIpv4HeaderSize;
  std::vector<std::uint8_t> packet(size + message.size());
  if (write_ip_header(header, message.size(), packet) == 0) return {};
  std::copy(message.begin(), message.end(), packet.begin() + static_cast<std::ptrdiff_t>(size));
  return packet;
}

std::optional<Packet> parse_ip(std::span<const std::uint8_t> octets) {
  if (octets.empty()) return std::nullopt;
  switch (octets[0] >> 4) {
    case 4:
      return parse_ipv4(octets);
    case 6:
      return parse_ipv6(octets);
    default:
      return std::nullopt;
  }
}

}  // namespace holdfast
