// One IP address of either family: a value, compared as RFC 9568 §6.4.3 compares (unsigned, network
// order). The family is a parameter everywhere, never a copy of the code.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

struct IpAddress {
  std::uint8_t family = 0;                // 4, 6, or 0: none
  std::array<std::uint8_t, 16> octets{};  // IPv4 uses the first four

  [[nodiscard]] std::size_t size() const { return family == 6 ? 16U : 4U; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {octets.data(), size()}; }
  [[nodiscard]] bool is_none() const { return family == 0; }
  // fe80::/10
  [[nodiscard]] bool is_link_local() const {
    return family == 6 && octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
  }
  // 224.0.0.0/4 or ff00::/8
  [[nodiscard]] bool is_multicast() const {
    return family == 4 ? (octets[0] & 0xf0) == 0xe0 : family == 6 && octets[0] == 0xff;
  }

  auto operator<=>(const IpAddress&) const = default;

  // Exactly 4 or 16 octets.
  static IpAddress from_bytes(std::span<const std::uint8_t> bytes);
  // Textual form without a prefix length or zone; nothing on anything else.
  static std::optional<IpAddress> parse(std::string_view text);
  // RFC 5952 for IPv6.
  [[nodiscard]] std::string text() const;
};

}  // namespace holdfast
