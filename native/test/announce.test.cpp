// Gratuitous ARP and unsolicited neighbour advertisements, against captured frames.
#include <doctest/doctest.h>

#include "hex.hpp"
#include "wire/arp.hpp"
#include "wire/checksum.hpp"
#include "wire/ndisc.hpp"

namespace holdfast::test {

constexpr MacAddress kRealMac{0x02, 0x00, 0x00, 0x00, 0x00, 0x01};

TEST_CASE("gratuitous ARP as keepalived sends it") {
  CHECK(to_hex(gratuitous_arp_frame(kRealMac, ip("192.0.2.100"))) ==
        "ffffffffffff02000000000108060001080006040001020000000001c0000264ffffffffffffc0000264");
}

TEST_CASE("gratuitous ARP with the virtual hardware address, as FRR sends it") {
  CHECK(to_hex(gratuitous_arp_frame(virtual_mac(4, 51), ip("192.0.2.100"))) ==
        "ffffffffffff00005e0001330806000108000604000100005e000133c0000264ffffffffffffc0000264");
}

TEST_CASE("the payload is the frame without its header") {
  const auto frame = gratuitous_arp_frame(kRealMac, ip("192.0.2.100"));
  CHECK(to_hex(gratuitous_arp(kRealMac, ip("192.0.2.100"))) ==
        to_hex(std::span(frame).subspan(14)));
}

TEST_CASE("unsolicited neighbour advertisement of a host, as keepalived sends it") {
  const NeighbourFlags host{.router = false, .overrides = true};
  CHECK(to_hex(unsolicited_advert_frame(kRealMac, ip("fe80::1:1"), host)).size() == 2 * 86);
  CHECK(to_hex(unsolicited_advert_frame(kRealMac, ip("fe80::1:1"), host)) ==
        "33330000000102000000000186dd6000000000203afffe800000000000000000000000010001"
        "ff0200000000000000000000000000018800579920000000fe800000000000000000000000010001"
        "0201020000000001");
}

TEST_CASE("RFC 9568 §6.4.1: with the router flag and the virtual hardware address") {
  CHECK(to_hex(unsolicited_advert_frame(virtual_mac(6, 51), ip("2001:db8::100"), {})) ==
        "33330000000100005e00023386dd6000000000203aff20010db8000000000000000000000100"
        "ff020000000000000000000000000001880018faa000000020010db8000000000000000000000100"
        "020100005e000233");
}

TEST_CASE("each flag moves its own bit, and the checksum follows") {
  for (const bool router : {false, true}) {
    for (const bool overrides : {false, true}) {
      const auto packet = unsolicited_advert(kRealMac, ip("2001:db8::1"), {router, overrides});
      CHECK(packet[44] == (router ? 0x80 : 0) + (overrides ? 0x20 : 0));
      const auto icmp = std::span(packet).subspan(40);
      Checksum sum = pseudo_header(ip("2001:db8::1"), ip("ff02::1"), icmp.size(), 58);
      CHECK(sum.add(icmp).good());
    }
  }
}

}  // namespace holdfast::test
