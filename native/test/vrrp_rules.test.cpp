// One rule of the receive checks at a time, what keeps it and what breaks it; the order in which
// they speak; and what encode() refuses to say.
#include <doctest/doctest.h>

#include <ostream>

#include "hex.hpp"
#include "wire/bytes.hpp"
#include "wire/checksum.hpp"
#include "wire/vrrp.hpp"

namespace holdfast::test {

const IpAddress kSource = ip("192.0.2.1");
const IpAddress kGroup = ip("224.0.0.18");
const IpAddress kPeer = ip("192.0.2.2");

VrrpAdvert advert(std::uint8_t version) {
  return {version, 51, 100, 1'000'000, AuthKind::None, {}, ips("192.0.2.100 192.0.2.101")};
}

Expectation expectation(std::uint8_t version) {
  Expectation expected;
  expected.version = version;
  expected.vrid = 51;
  expected.interval = 1'000'000;
  expected.addresses = advert(version).addresses;
  return expected;
}

Octets encoded(const VrrpAdvert& said, const IpAddress& source, const IpAddress& destination,
               ChecksumForm form = ChecksumForm::PseudoHeader) {
  Octets octets;
  encode(said, source, destination, form, octets);
  return octets;
}

// The rejection's name, or "accepted".
std::string_view verdict(const Packet& packet, const Expectation& expected) {
  const auto result = check(packet, expected);
  const auto* fault = std::get_if<Rejected>(&result);
  return fault == nullptr ? "accepted" : kRejections[static_cast<std::size_t>(fault->reason)];
}

std::string_view verdict(const Octets& octets, const Expectation& expected) {
  return verdict({octets, kSource, kGroup, 255}, expected);
}

TEST_CASE("RFC 5082: TTL 255 is asked of the group always, of a peer on request") {
  const Octets octets = encoded(advert(2), kSource, kGroup);
  Expectation expected = expectation(2);
  CHECK(verdict({octets, kSource, kGroup, 254}, expected) == "ttl");
  expected.unicast = true;
  CHECK(verdict({octets, kSource, kPeer, 254}, expected) == "accepted");
  expected.check_ttl = true;
  CHECK(verdict({octets, kSource, kPeer, 254}, expected) == "ttl");
}

TEST_CASE("a packet of the other version is that, whatever its length") {
  CHECK(verdict(encoded(advert(3), kSource, kGroup), expectation(2)) == "version");
  CHECK(verdict(encoded(advert(2), kSource, kGroup), expectation(3)) == "version");
  Octets octets = encoded(advert(3), kSource, kGroup);
  octets[0] = 0x41;
  CHECK(verdict(octets, expectation(3)) == "version");
  octets.push_back(0);
  CHECK(verdict(octets, expectation(3)) == "version");
}

TEST_CASE("v2 authentication: known, equal, and the same password") {
  VrrpAdvert pass = advert(2);
  pass.auth = AuthKind::Pass;
  pass.auth_data = {'s', '3', 'c', 'r', 'e', 't'};
  Expectation expected = expectation(2);
  CHECK(verdict(encoded(pass, kSource, kGroup), expected) == "auth-type-mismatch");
  expected.auth = AuthKind::Pass;
  expected.auth_data = pass.auth_data;
  CHECK(verdict(encoded(pass, kSource, kGroup), expected) == "accepted");
  CHECK(verdict(encoded(advert(2), kSource, kGroup), expected) == "auth-type-mismatch");
  expected.auth_data[7] = 1;
  CHECK(verdict(encoded(pass, kSource, kGroup), expected) == "auth-failure");

  // The authentication header is a type we know and have not.
  Octets octets = encoded(advert(2), kSource, kGroup);
  octets[4] = 2;
  seal(octets, kSource, kGroup, ChecksumForm::MessageOnly);
  CHECK(verdict(octets, expectation(2)) == "auth-type-mismatch");
  octets[4] = 3;
  seal(octets, kSource, kGroup, ChecksumForm::MessageOnly);
  CHECK(verdict(octets, expectation(2)) == "auth-type-unknown");
}

TEST_CASE("v2 asks for its own interval, v3 takes the sender's") {
  VrrpAdvert slow = advert(2);
  slow.interval = 2'000'000;
  CHECK(verdict(encoded(slow, kSource, kGroup), expectation(2)) == "interval");
  slow.version = 3;
  const Octets octets = encoded(slow, kSource, kGroup);
  const auto result = check({octets, kSource, kGroup, 255}, expectation(3));
  CHECK(std::get<Accepted>(result).interval == 2'000'000);
}

TEST_CASE("v3 over IPv4: either checksum, unless strict; and it says which") {
  using enum ChecksumForm;
  for (const ChecksumForm sent : {PseudoHeader, MessageOnly}) {
    for (const ChecksumForm own : {PseudoHeader, MessageOnly}) {
      const Octets octets = encoded(advert(3), kSource, kGroup, sent);
      Expectation expected = expectation(3);
      expected.form = own;
      const auto result = check({octets, kSource, kGroup, 255}, expected);
      REQUIRE(std::holds_alternative<Accepted>(result));
      CHECK(std::get<Accepted>(result).form_seen == sent);
      expected.strict = true;
      CHECK(verdict(octets, expected) == (sent == own ? "accepted" : "checksum"));
    }
  }
}

TEST_CASE("v3 over IPv4 to a peer: old senders computed it for the group") {
  const Octets octets = encoded(advert(3), kSource, kGroup);
  Expectation expected = expectation(3);
  CHECK(verdict({octets, kSource, kPeer, 255}, expected) == "checksum");
  expected.unicast = true;
  CHECK(verdict({octets, kSource, kPeer, 255}, expected) == "accepted");
  expected.strict = true;
  CHECK(verdict({octets, kSource, kPeer, 255}, expected) == "checksum");
}

TEST_CASE("v2 never has a pseudo header, v3 over IPv6 always has") {
  Octets octets = encoded(advert(2), kSource, kGroup, ChecksumForm::PseudoHeader);
  Expectation expected = expectation(2);
  expected.form = ChecksumForm::PseudoHeader;
  CHECK(verdict(octets, expected) == "accepted");

  // With one, it is damaged, however lenient the receiver.
  const std::span<std::uint8_t> field = std::span(octets).subspan(6, 2);
  Writer(field).u16(0);
  Writer(field).u16(
      pseudo_header(kSource, kGroup, octets.size(), kProtocolVrrp).add(octets).value());
  CHECK(verdict(octets, expected) == "checksum");

  VrrpAdvert six = advert(3);
  six.addresses = ips("fe80::1:1 2001:db8::1");
  const IpAddress source = ip("fe80::1");
  const IpAddress group = ip("ff02::12");
  octets = encoded(six, source, group, ChecksumForm::MessageOnly);
  expected = expectation(3);
  expected.family = 6;
  expected.form = ChecksumForm::MessageOnly;
  expected.addresses = six.addresses;
  CHECK(verdict({octets, source, group, 255}, expected) == "accepted");
  // The same octets from elsewhere.
  CHECK(verdict({octets, ip("fe80::2"), group, 255}, expected) == "checksum");
}

TEST_CASE("errata 8299, 8300, 8301: no addresses, no link-local, no interval") {
  Octets octets = encoded(advert(3), kSource, kGroup);
  octets[4] = 0xf0;  // reserved bits do not make an interval
  octets[5] = 0;
  seal(octets, kSource, kGroup, ChecksumForm::PseudoHeader);
  CHECK(verdict(octets, expectation(3)) == "interval-zero");

  VrrpAdvert none = advert(3);
  none.addresses.clear();
  CHECK(verdict(encoded(none, kSource, kGroup), expectation(3)) == "count-zero");

  VrrpAdvert six = advert(3);
  Expectation expected = expectation(3);
  expected.family = 6;
  for (const std::string_view first : {"fe80::1", "febf::1", "fec0::1", "2001:db8::1"}) {
    CAPTURE(first);
    six.addresses = {ip(first)};
    expected.addresses = {ip("fe80::1")};
    expected.strict = false;
    octets = encoded(six, ip("fe80::1"), ip("ff02::12"));
    const bool local = ip(first).is_link_local();
    const Packet packet{octets, ip("fe80::1"), ip("ff02::12"), 255};
    CHECK(verdict(packet, expected) == (local ? "accepted" : "not-link-local"));
    // Two routers with one faulty file must not both be master; strict ones chose to.
    expected.addresses = six.addresses;
    CHECK(verdict(packet, expected) == "accepted");
    expected.strict = true;
    CHECK(verdict(packet, expected) == (local ? "accepted" : "not-link-local"));
  }
}

TEST_CASE("no_virtual_ipaddress at both ends: an empty v3 list is no fault") {
  VrrpAdvert none = advert(3);
  none.addresses.clear();
  Expectation expected = expectation(3);
  expected.addresses.clear();
  CHECK(verdict(encoded(none, kSource, kGroup), expected) == "accepted");
  expected.strict = true;
  CHECK(verdict(encoded(none, kSource, kGroup), expected) == "count-zero");
}

TEST_CASE("keepalived lets a v2 instance have no addresses: so it may be heard") {
  VrrpAdvert none = advert(2);
  none.addresses.clear();
  const Octets octets = encoded(none, kSource, kGroup);
  CHECK(octets.size() == 16);
  const auto result = check({octets, kSource, kGroup, 255}, expectation(2));
  REQUIRE(std::holds_alternative<Accepted>(result));
  CHECK_FALSE(std::get<Accepted>(result).count_matches);
  CHECK_FALSE(std::get<Accepted>(result).addresses_match);
}

TEST_CASE("CARP shares the group, the protocol and the first octet") {
  Octets octets(36, 0x5a);
  octets[0] = 0x21;
  octets[1] = 51;
  octets[3] = 7;
  CHECK(peek(octets)->carp);
  CHECK(verdict(octets, expectation(2)) == "carp");

  VrrpAdvert seven = advert(2);
  while (seven.addresses.size() < 7) seven.addresses.push_back(kPeer);
  const Octets vrrp = encoded(seven, kSource, kGroup);
  CHECK_FALSE(peek(vrrp)->carp);
  CHECK(verdict(vrrp, expectation(2)) == "accepted");
}

TEST_CASE("of several faults, keepalived's first one is told") {
  VrrpAdvert pass = advert(2);
  pass.auth = AuthKind::Pass;
  Octets octets = encoded(pass, kSource, kGroup);
  octets[0] = 0x22;  // type
  octets[5] = 9;     // interval
  Expectation expected = expectation(2);
  Packet packet{octets, kSource, kGroup, 64};
  expected.vrid = 52;
  CHECK(verdict(packet, expected) == "vrid");
  expected.vrid = 51;
  packet.message = std::span(octets).first(octets.size() - 1);
  CHECK(verdict(packet, expected) == "length");
  packet.message = octets;
  CHECK(verdict(packet, expected) == "ttl");
  packet.ttl = 255;
  CHECK(verdict(packet, expected) == "auth-type-mismatch");
  expected.auth = AuthKind::Pass;
  expected.auth_data[0] = 'x';
  CHECK(verdict(packet, expected) == "auth-failure");
  expected.auth_data[0] = 0;
  CHECK(verdict(packet, expected) == "interval");
  octets[5] = 1;
  CHECK(verdict(packet, expected) == "type");
  octets[0] = 0x21;
  CHECK(verdict(packet, expected) == "accepted");  // its own octets again
  octets[8] ^= 1;
  CHECK(verdict(packet, expected) == "checksum");
}

TEST_CASE("what has no encoding is not encoded") {
  const auto size = [](const VrrpAdvert& said) { return encoded(said, kSource, kGroup).size(); };
  VrrpAdvert said = advert(3);
  CHECK(size(said) == 16);
  said.version = 4;
  CHECK(size(said) == 0);

  said = advert(3);
  said.interval = 9'999;
  CHECK(size(said) == 0);
  said.interval = 40'950'000;
  CHECK(size(said) == 16);
  said.interval = 40'960'000;
  CHECK(size(said) == 0);
  said.version = 2;
  CHECK(size(said) == 24);
  said.interval = 256'000'000;
  CHECK(size(said) == 0);

  said = advert(2);
  said.addresses.assign(255, kPeer);
  CHECK(size(said) == 1036);
  said.addresses.push_back(kPeer);
  CHECK(size(said) == 0);
  said.addresses = ips("192.0.2.100 fe80::1");
  CHECK(size(said) == 0);

  said.addresses = ips("fe80::1");
  CHECK(encoded(said, ip("fe80::2"), ip("ff02::12")).empty());
}

}  // namespace holdfast::test
