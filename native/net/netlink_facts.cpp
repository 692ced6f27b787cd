#include "net/netlink_facts.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>

namespace holdfast {
namespace {

// A string attribute ends at its NUL, or at its length where the kernel sends none.
std::string text_of(Bytes value) {
  const auto* begin = reinterpret_cast<const char*>(value.data());
  return {begin, strnlen(begin, value.size())};
}

void deliver_link(const NetlinkMessage& message, NetlinkSink& sink) {
  const auto info = netlink_value<ifinfomsg>(message.body);
  // A bridge reports its ports as AF_BRIDGE links: "deleted" there means "left the bridge".
  if (!info || info->ifi_family != AF_UNSPEC || info->ifi_index <= 0) return;
  const auto index = static_cast<std::uint32_t>(info->ifi_index);
  if (message.header.nlmsg_type == RTM_DELLINK) {
    sink.link_gone(index);
    return;
  }
  LinkFacts facts;
  facts.index = index;
  facts.up = (info->ifi_flags & IFF_UP) != 0 && (info->ifi_flags & IFF_RUNNING) != 0;
  facts.arp = (info->ifi_flags & IFF_NOARP) == 0;
  facts.loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
  AttributeWalk attributes(message.body, sizeof(ifinfomsg));
  bool six_octets = false;
  while (const auto attribute = attributes.next()) {
    if (attribute->type == IFLA_IFNAME) facts.name = text_of(attribute->value);
    if (attribute->type == IFLA_MTU) {
      facts.mtu = netlink_value<std::uint32_t>(attribute->value).value_or(0);
    }
    if (attribute->type == IFLA_ADDRESS && attribute->value.size() == facts.mac.size()) {
      std::copy(attribute->value.begin(), attribute->value.end(), facts.mac.begin());
      six_octets = true;
    }
  }
  facts.ethernet = six_octets && info->ifi_type == ARPHRD_ETHER;
  // Wireless drivers send events in the form of a link without a name; they carry no link facts.
  if (!facts.name.empty()) sink.link(facts);
}

void deliver_address(const NetlinkMessage& message, NetlinkSink& sink) {
  const auto info = netlink_value<ifaddrmsg>(message.body);
  if (!info || (info->ifa_family != AF_INET && info->ifa_family != AF_INET6)) return;
  const std::size_t size = info->ifa_family == AF_INET ? 4 : 16;
  AddressFacts facts;
  facts.index = info->ifa_index;
  facts.prefix = info->ifa_prefixlen;
  facts.flags = info->ifa_flags;  // eight bits of them; IFA_FLAGS has all
  facts.scope = info->ifa_scope;
  IpAddress local;
  IpAddress remote;
  AttributeWalk attributes(message.body, sizeof(ifaddrmsg));
  while (const auto attribute = attributes.next()) {
    const bool fits = attribute->value.size() == size;
    if (attribute->type == IFA_LOCAL && fits) local = IpAddress::from_bytes(attribute->value);
    if (attribute->type == IFA_ADDRESS && fits) remote = IpAddress::from_bytes(attribute->value);
    if (attribute->type == IFA_LABEL) facts.label = text_of(attribute->value);
    if (attribute->type == IFA_FLAGS) {
      facts.flags = netlink_value<std::uint32_t>(attribute->value).value_or(facts.flags);
    }
  }
  // With a peer IFA_ADDRESS is the peer's; IPv6 without a peer has IFA_ADDRESS alone.
  facts.address = local.is_none() ? remote : local;
  if (facts.address.is_none()) return;
  if (message.header.nlmsg_type == RTM_NEWADDR) {
    sink.address(facts);
  } else {
    sink.address_gone(facts);
  }
}

}  // namespace

void deliver(const NetlinkMessage& message, NetlinkSink& sink) {
  switch (message.header.nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return deliver_link(message, sink);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return deliver_address(message, sink);
    default:
      return;
  }
}

}  // namespace holdfast
