// The Internet checksum of RFC 1071 and the pseudo headers that go before it. A Checksum is a sum
// that can be carried on: one pass over a message serves the form with and the form without a
// pseudo header.
#pragma once

#include <cstdint>
#include <span>

#include "wire/ip_address.hpp"

namespace holdfast {

class Checksum {
 public:
  // Every piece but the last has an even length: an odd octet is padded where it stands.
  Checksum& add(std::span<const std::uint8_t> octets) {
    const std::size_t even = octets.size() & ~std::size_t{1};
    for (std::size_t i = 0; i < even; i += 2) {
      sum_ += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
    }
    if (even != octets.size()) sum_ += static_cast<std::uint32_t>(octets[even] << 8);
    return *this;
  }
  Checksum& add(std::uint16_t word) {
    sum_ += word;
    return *this;
  }
  Checksum& add(const Checksum& other) {
    sum_ += other.sum_;
    return *this;
  }

  // What belongs in the checksum field when it was summed as zero.
  [[nodiscard]] std::uint16_t value() const { return static_cast<std::uint16_t>(~folded()); }
  // True when the field was summed as received and the octets are undamaged.
  [[nodiscard]] bool good() const { return folded() == 0xffff; }

 private:
  [[nodiscard]] std::uint16_t folded() const {
    std::uint64_t sum = sum_;
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
  }

  std::uint64_t sum_ = 0;
};

// RFC 8200 §8.1 for IPv6; for IPv4 the 12 octets of UDP's, as keepalived puts before a VRRPv3
// message (RFC 5798 §5.2.8 as commonly read; RFC 9568 §5.2.8 leaves it out).
inline Checksum pseudo_header(const IpAddress& source, const IpAddress& destination,
                              std::size_t length, std::uint8_t protocol) {
  Checksum sum;
  sum.add(source.bytes()).add(destination.bytes()).add(std::uint16_t{protocol});
  return sum.add(static_cast<std::uint16_t>(length >> 16)).add(static_cast<std::uint16_t>(length));
}

}  // namespace holdfast
