// The twin of src/core/event.ts and src/core/command.ts, in the same words: what crosses between
// TypeScript and the data plane. Plain data; no Node here. A test holds the kinds equal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/ip_address.hpp"

namespace holdfast {

// Microseconds of CLOCK_MONOTONIC, and spans of them.
using Instant = std::int64_t;
using Duration = std::int64_t;

// An instance's number, given by the addon when JS first names it; names stay on the JS side.
using InstanceId = std::uint32_t;

enum class OnStall : std::uint8_t { Offer, Keep, Resign };
enum class AuthKind : std::uint8_t { None, Pass };

// ---- commands

struct Garp {
  std::uint32_t repeat = 5;
  Duration delay = 0;
  Duration refresh = 0;
  std::uint32_t refresh_repeat = 1;
  std::uint32_t lower_repeat = 5;
  Duration lower_delay = 0;
};

struct HeldAddress {
  IpAddress address;
  std::uint8_t prefix = 32;
  std::string device;
  std::uint8_t scope = 0;
  std::optional<IpAddress> broadcast;
  std::string label;
  std::optional<IpAddress> peer;
  bool no_prefix_route = false;
  bool dad = false;
  std::optional<std::uint32_t> preferred_seconds;
  bool track = true;
  bool operator==(const HeldAddress&) const = default;
};

struct Open {
  InstanceId instance = 0;
  std::uint32_t turn = 0;
  std::string interface;
  std::uint8_t family = 4;
  std::uint8_t version = 2;
  std::uint8_t vrid = 0;
  IpAddress source;
  std::vector<IpAddress> destinations;
  bool unicast = false;
  std::uint8_t ttl = 255;
  bool check_source = false;
  Duration interval = 0;
  AuthKind auth = AuthKind::None;
  std::array<std::uint8_t, 8> auth_data{};
  bool checksum_as_v2 = false;
  bool strict = false;
  std::vector<IpAddress> advertised;
  std::vector<HeldAddress> addresses;
  Garp garp;
  Duration lifetime = 0;
  bool sweep = false;
};

struct Close {
  InstanceId instance = 0;
};

struct AdvertTerms {
  InstanceId instance = 0;
  std::uint8_t priority = 100;
  Duration every = 0;
  Duration down = 0;
  bool answers = true;
  bool relents = false;
  std::vector<InstanceId> fellows;
  OnStall on_stall = OnStall::Offer;
};

struct Advertise {
  AdvertTerms terms;
  std::uint32_t turn = 0;
};

struct WatchMember {
  InstanceId instance = 0;
  std::uint32_t turn = 0;
  std::uint8_t min_priority = 0;
  std::uint32_t factor = 3;
  std::uint32_t share = 0;
  Duration plus = 0;
  Duration interval = 0;
  bool learns = false;
  AdvertTerms on_silence;
};

struct Watch {
  Instant since = 0;
  std::vector<WatchMember> members;
};

struct Resign {
  InstanceId instance = 0;
};

struct Lease {
  Instant until = 0;
};

struct Wake {
  std::optional<Instant> at;
};

using Command = std::variant<Open, Close, Advertise, Watch, Resign, Lease, Wake>;
inline constexpr std::array<std::string_view, 7> kCommandKinds = {
    "open", "close", "advertise", "watch", "resign", "lease", "wake"};
static_assert(std::variant_size_v<Command> == kCommandKinds.size());

// ---- events

struct AdvertFacts {
  IpAddress source;
  std::uint8_t version = 2;
  std::uint8_t priority = 0;
  Duration interval = 0;
  bool addresses_match = true;
  bool plain_checksum = false;  // v3 over IPv4 without pseudo-header (RFC 9568 §5.2.8)

  bool operator==(const AdvertFacts&) const = default;
};

struct AdvertReceived {
  InstanceId instance = 0;
  AdvertFacts advert;
};

enum class Rejection : std::uint8_t {
  TooShort,
  Length,
  Ttl,
  Version,
  Type,
  Checksum,
  Vrid,
  AuthTypeUnknown,
  AuthTypeMismatch,
  AuthFailure,
  Interval,
  IntervalZero,
  CountZero,
  NotLinkLocal,
  Destination,
  Source,
  OwnSource,
  Carp,
};
inline constexpr std::array<std::string_view, 18> kRejections = {"too-short",
                                                                 "length",
                                                                 "ttl",
                                                                 "version",
                                                                 "type",
                                                                 "checksum",
                                                                 "vrid",
                                                                 "auth-type-unknown",
                                                                 "auth-type-mismatch",
                                                                 "auth-failure",
                                                                 "interval",
                                                                 "interval-zero",
                                                                 "count-zero",
                                                                 "not-link-local",
                                                                 "destination",
                                                                 "source",
                                                                 "own-source",
                                                                 "carp"};
static_assert(static_cast<std::size_t>(Rejection::Carp) + 1 == kRejections.size());

struct AdvertRejected {
  std::array<char, 16> interface {};
  std::optional<InstanceId> instance;
  std::uint8_t vrid = 0;
  IpAddress source;
  Rejection reason = Rejection::TooShort;
  std::uint32_t got = 0;
  std::uint32_t expected = 0;
  std::uint64_t count = 0;
};

struct TookOver {
  std::vector<InstanceId> instances;
  std::uint32_t turn = 0;
  Duration late = 0;
};

struct Yielded {
  InstanceId instance = 0;
  AdvertFacts advert;
  std::vector<InstanceId> instances;
  std::uint32_t turn = 0;
};

struct LeaseLapsed {};

struct InterfaceChanged {
  std::string interface;
  std::uint32_t index = 0;
  bool up = false;
  std::uint32_t mtu = 0;
  std::vector<IpAddress> addresses;
};

struct InterfaceGone {
  std::string interface;
};

// The first look around is over.
struct Surveyed {};

struct AddressRestored {
  InstanceId instance = 0;
  IpAddress address;
  std::uint64_t count = 0;
};

struct FirewallNoticed {
  std::string interface;
  std::uint8_t family = 4;
  bool dropping = false;
};

struct ClockGap {
  Duration late = 0;
};

struct Scheduled {
  bool realtime = false;
  int error = 0;
};

struct OpenFailed {
  InstanceId instance = 0;
  std::string what;
  int error = 0;
};

struct Failed {
  std::optional<InstanceId> instance;
  std::string what;
  int error = 0;
  std::uint64_t count = 0;
};

struct Overrun {
  std::uint64_t lost = 0;
};

struct Woken {};

using EventBody =
    std::variant<AdvertReceived, AdvertRejected, TookOver, Yielded, LeaseLapsed, InterfaceChanged,
                 InterfaceGone, Surveyed, AddressRestored, FirewallNoticed, ClockGap, Scheduled,
                 OpenFailed, Failed, Overrun, Woken>;
inline constexpr std::array<std::string_view, 16> kEventKinds = {
    "advert-received",  "advert-rejected",
    "took-over",        "yielded",
    "lease-lapsed",     "interface-changed",
    "interface-gone",   "surveyed",
    "address-restored", "firewall-noticed",
    "clock-gap",        "scheduled",
    "open-failed",      "failed",
    "overrun",          "woken"};
static_assert(std::variant_size_v<EventBody> == kEventKinds.size());

struct Event {
  Instant at = 0;
  EventBody body;
};

}  // namespace holdfast
