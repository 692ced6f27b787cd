#include "wire/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace holdfast {

IpAddress IpAddress::from_bytes(std::span<const std::uint8_t> bytes) {
  IpAddress address;
  address.family = bytes.size() == 16 ? 6 : 4;
  std::copy_n(bytes.begin(), address.size(), address.octets.begin());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  IpAddress address;
  address.family = copy.find(':') == std::string::npos ? 4 : 6;
  const int domain = address.family == 4 ? AF_INET : AF_INET6;
  if (inet_pton(domain, copy.c_str(), address.octets.data()) != 1) return std::nullopt;
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (is_none()) return "";
  const int domain = family == 4 ? AF_INET : AF_INET6;
  inet_ntop(domain, octets.data(), buffer.data(), buffer.size());
  return buffer.data();
}

}  // namespace holdfast
