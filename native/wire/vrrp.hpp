// The VRRP message, versions 2 and 3, both families (RFC 3768 §5, RFC 9568 §5): written, and
// checked on arrival. No sockets, no state, no clock. check() runs for every advert on the wire: it
// does not allocate, and reads no octet that it has not counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "contract.hpp"
#include "wire/ip_address.hpp"

namespace holdfast {

inline constexpr std::uint8_t kProtocolVrrp = 112;

// What the checksum of version 3 over IPv4 covers: keepalived's and FRR's reading of RFC 5798, or
// RFC 9568 §5.2.8 (`v3_checksum_as_v2`). Version 2 is always MessageOnly, IPv6 never.
enum class ChecksumForm : std::uint8_t { PseudoHeader, MessageOnly };

struct VrrpAdvert {
  std::uint8_t version = 2;
  std::uint8_t vrid = 0;
  std::uint8_t priority = 0;
  Duration interval = 0;
  AuthKind auth = AuthKind::None;  // version 2
  std::array<std::uint8_t, 8> auth_data{};
  std::vector<IpAddress> addresses;

  bool operator==(const VrrpAdvert&) const = default;
};

// The octets after the IP header, as many as the IP total length says, and what that header said.
struct Packet {
  std::span<const std::uint8_t> message;
  IpAddress source;
  IpAddress destination;
  std::uint8_t ttl = 0;
};

// Replaces `out` by the message and yields its length. Yields 0 for what has no encoding: more
// than 255 addresses, one of another family than `source`, version 2 over IPv6, an interval that
// does not fit or comes to zero in the version's unit (seconds; centiseconds), rounded down.
std::size_t encode(const VrrpAdvert& advert, const IpAddress& source, const IpAddress& destination,
                   ChecksumForm form, std::vector<std::uint8_t>& out);

// Writes the checksum of a complete message into it.
void seal(std::span<std::uint8_t> message, const IpAddress& source, const IpAddress& destination,
          ChecksumForm form);

struct Expectation {
  std::uint8_t family = 4;
  std::uint8_t version = 2;
  std::uint8_t vrid = 0;
  AuthKind auth = AuthKind::None;
  std::array<std::uint8_t, 8> auth_data{};
  Duration interval = 0;
  bool unicast = false;
  bool check_ttl = false;  // multicast is always checked
  ChecksumForm form = ChecksumForm::PseudoHeader;
  bool strict = false;               // then only `form` counts
  std::vector<IpAddress> addresses;  // configured, in order
};

struct Accepted {
  std::uint8_t priority = 0;
  Duration interval = 0;
  // The same addresses, in whatever order. A difference is no reason to drop: two masters are
  // worse than a drifted list.
  bool addresses_match = true;
  bool count_matches = true;
  ChecksumForm form_seen = ChecksumForm::MessageOnly;

  bool operator==(const Accepted&) const = default;
};

// `got` and `expected` in the packet's own unit (octets, seconds, centiseconds); 0 where the reason
// has no numbers.
struct Rejected {
  Rejection reason = Rejection::TooShort;
  std::uint32_t got = 0;
  std::uint32_t expected = 0;
};

// Every receive check that needs only the packet and the configuration, in keepalived's order: it
// decides which counter moves when several things are wrong. Not here: which sources and
// destinations an instance listens to.
std::variant<Accepted, Rejected> check(const Packet& packet, const Expectation& expected);

// What finds the virtual router before there is an Expectation. Nothing below 8 octets.
struct Peek {
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint8_t vrid = 0;
  bool carp = false;  // another protocol under VRRP's number and group
};
std::optional<Peek> peek(std::span<const std::uint8_t> message);

}  // namespace holdfast
