// What the kernel says about links and addresses, as plain facts, and who listens to them.
// Decoding only: no socket, no memory of earlier facts.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "net/netlink_message.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

struct LinkFacts {
  std::uint32_t index = 0;
  std::string name;
  bool up = false;  // IFF_UP and IFF_RUNNING: administratively up, with carrier
  bool arp = false;
  bool loopback = false;
  bool ethernet = false;
  std::uint32_t mtu = 0;
  std::array<std::uint8_t, 6> mac{};  // all zero unless the link has six-octet addresses
};

struct AddressFacts {
  std::uint32_t index = 0;
  IpAddress address;  // the local one; a peer is not told
  std::uint8_t prefix = 0;
  std::uint32_t flags = 0;  // IFA_F_*
  std::uint8_t scope = 0;
  std::string label;
};

class NetlinkSink {
 public:
  virtual ~NetlinkSink() = default;
  // New or altered: an upsert by index. Every refresh of a lifetime is told again as address().
  virtual void link(const LinkFacts& facts) = 0;
  virtual void link_gone(std::uint32_t index) = 0;
  virtual void address(const AddressFacts& facts) = 0;
  virtual void address_gone(const AddressFacts& facts) = 0;
};

// Tells the sink what this message says; other kinds of message, and malformed ones, are ignored.
void deliver(const NetlinkMessage& message, NetlinkSink& sink);

}  // namespace holdfast
