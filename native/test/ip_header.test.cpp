// The IP header both ways, and everything a packet socket may hand over that is no advert.
#include "wire/ip_header.hpp"

#include <doctest/doctest.h>

#include "hex.hpp"
#include "wire/bytes.hpp"
#include "wire/checksum.hpp"

namespace holdfast::test {

const Octets kMessage = from_hex("3133640100640572c0000264");
const IpHeader kIpv4{ip("192.0.2.1"), ip("224.0.0.18"), 255, 1, kProtocolVrrp};
const IpHeader kIpv6{ip("fe80::ff:fe00:1"), ip("ff02::12"), 255, 0, kProtocolVrrp};

// Writes the header's checksum anew, so that only the change under test is wrong.
void repair(Octets& packet) {
  const std::size_t size = (packet[0] & 0x0fU) * 4U;
  Writer(std::span(packet).subspan(10, 2)).u16(0);
  Writer(std::span(packet).subspan(10, 2))
      .u16(Checksum().add(std::span(packet).first(size)).value());
}

TEST_CASE("the IPv4 header is keepalived's: 20 octets, CS6, DF clear, id as given") {
  const Octets packet = ip_packet(kIpv4, kMessage);
  CHECK(to_hex(std::span(packet).first(10)) == "45c0002000010000ff70");
  CHECK(to_hex(std::span(packet).subspan(12)) == "c0000201e0000012" + to_hex(kMessage));
  CHECK(Checksum().add(std::span(packet).first(20)).good());
}

TEST_CASE("the IPv6 header has traffic class CS6 and no flow label") {
  CHECK(to_hex(ip_packet(kIpv6, kMessage)) ==
        "6c000000000c70fffe80000000000000000000fffe000001ff020000000000000000000000000012" +
            to_hex(kMessage));
}

TEST_CASE("a header that does not fit is not written") {
  Octets room(40);
  CHECK(write_ip_header(kIpv4, 0, std::span(room).first(20)) == 20);
  CHECK(write_ip_header(kIpv4, 0, std::span(room).first(19)) == 0);
  CHECK(write_ip_header(kIpv4, 0xffff - 20, room) == 20);
  CHECK(write_ip_header(kIpv4, 0xffff - 19, room) == 0);
  CHECK(write_ip_header(kIpv6, 0, room) == 40);
  CHECK(write_ip_header(kIpv6, 0, std::span(room).first(39)) == 0);
  CHECK(write_ip_header(kIpv6, 0x10000, room) == 0);
  CHECK(ip_packet(kIpv6, Octets(0x10000)).empty());
}

TEST_CASE("what was written is read, without the link's padding") {
  for (const IpHeader& header : {kIpv4, kIpv6}) {
    Octets octets = ip_packet(header, kMessage);
    octets.insert(octets.end(), 14, 0xee);
    const auto packet = parse_ip(octets);
    REQUIRE(packet);
    CHECK(packet->source == header.source);
    CHECK(packet->destination == header.destination);
    CHECK(packet->ttl == 255);
    CHECK(to_hex(packet->message) == to_hex(kMessage));
  }
}

TEST_CASE("IPv4 options are stepped over") {
  Octets octets = ip_packet(kIpv4, kMessage);
  const Octets router_alert = from_hex("94040000");
  octets.insert(octets.begin() + 20, router_alert.begin(), router_alert.end());
  octets[0] = 0x46;
  octets[3] = static_cast<std::uint8_t>(octets[3] + 4);
  repair(octets);
  const auto packet = parse_ip(octets);
  REQUIRE(packet);
  CHECK(to_hex(packet->message) == to_hex(kMessage));
}

TEST_CASE("every truncation is nothing") {
  for (const IpHeader& header : {kIpv4, kIpv6}) {
    const Octets whole = ip_packet(header, kMessage);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      const Octets octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_FALSE(parse_ip(octets));
    }
  }
}

TEST_CASE("every flipped bit of an IPv4 header is nothing") {
  const Octets whole = ip_packet(kIpv4, kMessage);
  for (std::size_t bit = 0; bit < 20 * 8; ++bit) {
    CAPTURE(bit);
    Octets octets = whole;
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80 >> bit % 8);
    CHECK_FALSE(parse_ip(octets));
  }
}

TEST_CASE("a sound IPv4 header around something else is nothing") {
  const auto parsed = [](std::size_t at, std::uint8_t octet) {
    Octets octets = ip_packet(kIpv4, kMessage);
    octets[at] = octet;
    repair(octets);
    return parse_ip(octets).has_value();
  };
  CHECK(parsed(5, 0x77));        // another id: still an advert
  CHECK(parsed(6, 0x40));        // DF: still an advert
  CHECK_FALSE(parsed(6, 0x20));  // more fragments
  CHECK_FALSE(parsed(7, 0x01));  // a later fragment
  CHECK_FALSE(parsed(6, 0x10));  // a much later one
  CHECK_FALSE(parsed(9, 51));    // another protocol
  CHECK_FALSE(parsed(0, 0x44));  // a header of 16 octets
  CHECK_FALSE(parsed(0, 0x55));  // version 5
  CHECK_FALSE(parsed(3, 19));    // a total shorter than the header
  CHECK_FALSE(parsed(3, 0x21));  // a total longer than what came
  CHECK(parsed(3, 20));          // an empty message is check()'s to refuse
}

TEST_CASE("IPv6 with another next header is nothing") {
  Octets octets = ip_packet(kIpv6, kMessage);
  octets[6] = 44;  // a fragment header
  CHECK_FALSE(parse_ip(octets));
}

}  // namespace holdfast::test
