#include "wire/vrrp.hpp"

#include <algorithm>
#include <cstring>

#include "wire/bytes.hpp"
#include "wire/checksum.hpp"
#include "wire/hash.hpp"

namespace holdfast {

namespace {

constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kAuthSize = 8;
constexpr std::size_t kChecksumAt = 6;
constexpr std::size_t kAddressesMax = 255;
constexpr std::uint8_t kAdvertisement = 1;
constexpr Duration kSecond = 1'000'000;
constexpr Duration kCentisecond = 10'000;
constexpr std::uint16_t kCentisecondsMax = 0x0fff;
constexpr IpAddress kGroupIpv4{4, {224, 0, 0, 18}};

// Authentication types on the wire: RFC 2338 §5.3.6.
constexpr std::uint8_t kAuthNone = 0;
constexpr std::uint8_t kAuthPass = 1;
constexpr std::uint8_t kAuthHeader = 2;

constexpr std::size_t address_size(std::uint8_t family) { return family == 6 ? 16U : 4U; }

struct Header {
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint8_t vrid = 0;
  std::uint8_t priority = 0;
  std::uint8_t count = 0;
  std::uint8_t auth_type = 0;      // version 2
  std::uint8_t seconds = 0;        // version 2
  std::uint16_t centiseconds = 0;  // version 3
  std::uint16_t checksum = 0;
};

// The message is at least kHeaderSize long.
Header read_header(std::span<const std::uint8_t> message) {
  Reader reader(message);
  Header header;
  const std::uint8_t first = reader.u8();
  header.version = first >> 4;
  header.type = first & 0x0f;
  header.vrid = reader.u8();
  header.priority = reader.u8();
  header.count = reader.u8();
  header.auth_type = reader.u8();
  header.seconds = reader.u8();
  // RFC 9568 §5.2.6: the four reserved bits are ignored.
  header.centiseconds =
      static_cast<std::uint16_t>(header.auth_type << 8 | header.seconds) & kCentisecondsMax;
  header.checksum = reader.u16();
  return header;
}

// CARP's fourth octet is its length in words, where VRRP has the count; the packet is 36 octets,
// and a VRRPv2 advert of seven addresses would be 44.
bool is_carp(std::span<const std::uint8_t> message) {
  constexpr std::size_t kCarpSize = 36;
  return message.size() == kCarpSize && message[0] == 0x21 && message[3] == 7;
}

Rejected rejected(Rejection reason, std::size_t got, std::size_t expected) {
  return Rejected{reason, static_cast<std::uint32_t>(got), static_cast<std::uint32_t>(expected)};
}

std::optional<Rejected> check_frame(const Packet& packet, const Header& header,
                                    const Expectation& expected) {
  if (is_carp(packet.message)) return rejected(Rejection::Carp, 0, 0);
  if (header.vrid != expected.vrid) return rejected(Rejection::Vrid, header.vrid, expected.vrid);
  const bool known = header.version == 2 || header.version == 3;
  // The packet's own version says how long it is; of an unknown one nothing can be said.
  const std::size_t length = kHeaderSize + header.count * address_size(expected.family) +
                             (header.version == 2 ? kAuthSize : 0);
  if (known && packet.message.size() != length) {
    return rejected(Rejection::Length, packet.message.size(), length);
  }
  // RFC 9568 §7.1 and RFC 5082: whoever is not on this link cannot send 255.
  if (packet.ttl != 255 && (!expected.unicast || expected.check_ttl)) {
    return rejected(Rejection::Ttl, packet.ttl, 255);
  }
  if (!known || header.version != expected.version) {
    return rejected(Rejection::Version, header.version, expected.version);
  }
  return std::nullopt;
}

std::optional<Rejected> check_version2(const Packet& packet, const Header& header,
                                       const Expectation& expected) {
  const std::uint8_t own = expected.auth == AuthKind::Pass ? kAuthPass : kAuthNone;
  if (header.auth_type > kAuthHeader) {
    return rejected(Rejection::AuthTypeUnknown, header.auth_type, own);
  }
  if (header.auth_type != own) {
    return rejected(Rejection::AuthTypeMismatch, header.auth_type, own);
  }
  // RFC 2338 §5.3.6.1: without authentication the data is ignored.
  if (own == kAuthPass && !same_secret(packet.message.last(kAuthSize), expected.auth_data)) {
    return rejected(Rejection::AuthFailure, 0, 0);
  }
  // RFC 3768 §7.1: version 2 never learns the interval.
  const auto seconds = static_cast<std::uint32_t>(expected.interval / kSecond);
  if (header.seconds != seconds) return rejected(Rejection::Interval, header.seconds, seconds);
  return std::nullopt;
}

Checksum pseudo(const Packet& packet, const IpAddress& destination) {
  return pseudo_header(packet.source, destination, packet.message.size(), kProtocolVrrp);
}

// The form that fits, if one does. IPv6 has one; IPv4 of version 3 may have come by either. Up to
// 1.3.6 keepalived took the group for the destination even where it sent to a peer.
std::optional<ChecksumForm> checksum_form(const Packet& packet, const Checksum& body,
                                          const Expectation& expected) {
  using enum ChecksumForm;
  const bool plain = expected.version == 2;
  const bool either = expected.version == 3 && expected.family == 4 && !expected.strict;
  const auto fits = [&](ChecksumForm form) {
    if (form == MessageOnly) return body.good();
    if (pseudo(packet, packet.destination).add(body).good()) return true;
    return either && expected.unicast && pseudo(packet, kGroupIpv4).add(body).good();
  };
  const ChecksumForm own = plain                  ? MessageOnly
                           : expected.family == 6 ? PseudoHeader
                                                  : expected.form;
  if (fits(own)) return own;
  const ChecksumForm other = own == MessageOnly ? PseudoHeader : MessageOnly;
  if (either && fits(other)) return other;
  return std::nullopt;
}

// What the field should have held, for the log.
std::uint16_t right_checksum(const Packet& packet, const Checksum& body, const Header& header,
                             const Expectation& expected) {
  Checksum sum = body;
  sum.add(static_cast<std::uint16_t>(~header.checksum));  // takes the field out again
  const bool plain =
      expected.version == 2 || (expected.family == 4 && expected.form == ChecksumForm::MessageOnly);
  if (!plain) sum.add(pseudo(packet, packet.destination));
  return sum.value();
}

// After the checksum: of a damaged message these would be accusations by chance.
std::optional<Rejected> check_version3(const Packet& packet, const Header& header,
                                       const Expectation& expected) {
  // Errata 8299 and 8301. An interval of zero would make every backup master at once.
  // What our own list does as well is no reason to drop: both ends would be masters.
  const std::vector<IpAddress>& own = expected.addresses;
  if (header.count == 0 && (expected.strict || !own.empty())) {
    return rejected(Rejection::CountZero, 0, expected.addresses.size());
  }
  if (header.centiseconds == 0) {
    return rejected(Rejection::IntervalZero, 0,
                    static_cast<std::size_t>(expected.interval / kCentisecond));
  }
  // Erratum 8300.
  const bool ours_begins_right = own.empty() || own.front().is_link_local();
  if (expected.family == 6 && header.count > 0 && (expected.strict || ours_begins_right) &&
      !IpAddress::from_bytes(packet.message.subspan(kHeaderSize, 16)).is_link_local()) {
    return rejected(Rejection::NotLinkLocal, 0, 0);
  }
  return std::nullopt;
}

using Sorted = std::array<std::array<std::uint8_t, 16>, kAddressesMax>;

// Both lists are `count` long. Sorting keeps a hostile permutation of 255 addresses cheap.
bool same_in_any_order(std::span<const std::uint8_t> octets, const std::vector<IpAddress>& own,
                       std::size_t size) {
  Sorted received{};
  Sorted configured{};
  for (std::size_t i = 0; i < own.size(); ++i) {
    std::memcpy(received[i].data(), octets.data() + i * size, size);
    std::memcpy(configured[i].data(), own[i].octets.data(), size);
  }
  const auto end = static_cast<std::ptrdiff_t>(own.size());
  std::sort(received.begin(), received.begin() + end);
  std::sort(configured.begin(), configured.begin() + end);
  return std::equal(received.begin(), received.begin() + end, configured.begin());
}

bool same_addresses(std::span<const std::uint8_t> octets, const Expectation& expected) {
  const std::size_t size = address_size(expected.family);
  for (std::size_t i = 0; i < expected.addresses.size(); ++i) {
    if (std::memcmp(octets.data() + i * size, expected.addresses[i].octets.data(), size) != 0) {
      return same_in_any_order(octets, expected.addresses, size);
    }
  }
  return true;
}

Accepted accepted(const Packet& packet, const Header& header, const Expectation& expected,
                  ChecksumForm form) {
  Accepted advert;
  advert.priority = header.priority;
  advert.interval =
      expected.version == 2 ? header.seconds * kSecond : header.centiseconds * kCentisecond;
  advert.count_matches = header.count == expected.addresses.size();
  advert.addresses_match =
      advert.count_matches && same_addresses(packet.message.subspan(kHeaderSize), expected);
  advert.form_seen = form;
  return advert;
}

bool encodable(const VrrpAdvert& advert, const IpAddress& source, Duration units) {
  if (advert.version != 2 && advert.version != 3) return false;
  if (advert.version == 2 && source.family != 4) return false;
  if (advert.addresses.size() > kAddressesMax) return false;
  if (units < 1 || units > (advert.version == 2 ? 0xff : kCentisecondsMax)) return false;
  return std::all_of(advert.addresses.begin(), advert.addresses.end(),
                     [&](const IpAddress& address) { return address.family == source.family; });
}

}  // namespace

std::size_t encode(const VrrpAdvert& advert, const IpAddress& source, const IpAddress& destination,
                   ChecksumForm form, std::vector<std::uint8_t>& out) {
  out.clear();
  const bool version2 = advert.version == 2;
  const Duration units = advert.interval / (version2 ? kSecond : kCentisecond);
  if (!encodable(advert, source, units)) return 0;

  out.resize(kHeaderSize + advert.addresses.size() * source.size() + (version2 ? kAuthSize : 0));
  const bool pass = advert.auth == AuthKind::Pass;
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(advert.version << 4 | kAdvertisement))
      .u8(advert.vrid)
      .u8(advert.priority)
      .u8(static_cast<std::uint8_t>(advert.addresses.size()));
  if (version2) {
    writer.u8(pass ? kAuthPass : kAuthNone).u8(static_cast<std::uint8_t>(units));
  } else {
    writer.u16(static_cast<std::uint16_t>(units));
  }
  writer.u16(0);  // checksum, below
  for (const IpAddress& address : advert.addresses) writer.bytes(address.bytes());
  if (version2 && pass) writer.bytes(advert.auth_data);
  seal(out, source, destination, form);
  return out.size();
}

void seal(std::span<std::uint8_t> message, const IpAddress& source, const IpAddress& destination,
          ChecksumForm form) {
  if (message.size() < kHeaderSize) return;
  Writer field(message.subspan(kChecksumAt, 2));
  Writer(message.subspan(kChecksumAt, 2)).u16(0);
  Checksum sum = Checksum().add(message);
  const bool version2 = message[0] >> 4 == 2;
  if (!version2 && (source.family == 6 || form == ChecksumForm::PseudoHeader)) {
    sum.add(pseudo_header(source, destination, message.size(), kProtocolVrrp));
  }
  field.u16(sum.value());
}

std::variant<Accepted, Rejected> check(const Packet& packet, const Expectation& expected) {
  if (packet.message.size() < kHeaderSize) {
    return rejected(Rejection::TooShort, packet.message.size(), kHeaderSize);
  }
  const Header header = read_header(packet.message);
  if (const auto fault = check_frame(packet, header, expected)) return *fault;
  if (header.version == 2) {
    if (const auto fault = check_version2(packet, header, expected)) return *fault;
  }
  if (header.type != kAdvertisement) {
    return rejected(Rejection::Type, header.type, kAdvertisement);
  }
  const Checksum body = Checksum().add(packet.message);
  const auto form = checksum_form(packet, body, expected);
  if (!form) {
    return rejected(Rejection::Checksum, header.checksum,
                    right_checksum(packet, body, header, expected));
  }
  if (header.version == 3) {
    if (const auto fault = check_version3(packet, header, expected)) return *fault;
  }
  return accepted(packet, header, expected, *form);
}

std::optional<Peek> peek(std::span<const std::uint8_t> message) {
  if (message.size() < kHeaderSize) return std::nullopt;
  const Header header = read_header(message);
  return Peek{header.version, header.type, header.vrid, is_carp(message)};
}

}  // namespace holdfast
