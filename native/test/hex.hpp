// Octets as text, for tests: golden data is written as the captures print it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/ip_address.hpp"

namespace holdfast::test {

using Octets = std::vector<std::uint8_t>;

// Spaces are ignored.
inline Octets from_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Octets octets;
  std::size_t digits = 0;
  for (const char letter : text) {
    if (letter == ' ') continue;
    const auto value = static_cast<std::uint8_t>(kDigits.find(letter));
    if (digits++ % 2 == 0) {
      octets.push_back(static_cast<std::uint8_t>(value << 4));
    } else {
      octets.back() = static_cast<std::uint8_t>(octets.back() | value);
    }
  }
  return octets;
}

inline std::string to_hex(std::span<const std::uint8_t> octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += kDigits[octet >> 4];
    text += kDigits[octet & 0x0f];
  }
  return text;
}

inline Octets from_text(std::string_view text) { return {text.begin(), text.end()}; }

// The address written, which must be one.
inline IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

// Addresses separated by one space.
inline std::vector<IpAddress> ips(std::string_view text) {
  std::vector<IpAddress> list;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    list.push_back(ip(text.substr(0, space)));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return list;
}

}  // namespace holdfast::test
