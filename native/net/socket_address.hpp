// IpAddress → the kernel's sockaddr, of either family. No sockets here.
// No scope either: which interface a link-local address means travels beside it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

#include "wire/ip_address.hpp"

namespace holdfast {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

inline SocketAddress socket_address(const IpAddress& address) {
  SocketAddress result;
  if (address.family == 6) {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    std::memcpy(&six.sin6_addr, address.octets.data(), sizeof six.sin6_addr);
    std::memcpy(&result.storage, &six, sizeof six);
    result.size = sizeof six;
    return result;
  }
  sockaddr_in four{};
  four.sin_family = AF_INET;
  std::memcpy(&four.sin_addr, address.octets.data(), sizeof four.sin_addr);
  std::memcpy(&result.storage, &four, sizeof four);
  result.size = sizeof four;
  return result;
}

}  // namespace holdfast
