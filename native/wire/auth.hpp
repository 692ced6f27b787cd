// The two ways of authenticating an advert that need a key: the IP authentication header of VRRPv2
// as keepalived has it (`auth_type AH`), and the trailer of its `auth_hmac`. Pure functions:
// sequence, clock and replay marks belong to the caller.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/ip_address.hpp"

namespace holdfast {

// ---- AH: before the message, IP protocol 51

inline constexpr std::size_t kAhSize = 24;
using AhKey = std::array<std::uint8_t, 8>;  // the password, padded with zeros

enum class AhVerdict : std::uint8_t { Good, Malformed, Spi, Replay, Icv };

// `ip_header` is the whole IPv4 header as it is sent, its total length and id final: both are
// covered. Replaces `out` by the AH header and `vrrp`, in which the authentication type is set to 2
// and the checksum renewed. The TTL is left out in unicast mode, where routers may lower it.
void ah_wrap(std::span<const std::uint8_t> ip_header, std::span<const std::uint8_t> vrrp,
             const AhKey& key, std::uint32_t sequence, bool unicast,
             std::vector<std::uint8_t>& out);

struct AhResult {
  AhVerdict verdict = AhVerdict::Malformed;
  std::uint32_t sequence = 0;
};

// `payload` is what follows the IP header. The sequence must be above `last_sequence`.
AhResult ah_verify(std::span<const std::uint8_t> ip_header, std::span<const std::uint8_t> payload,
                   const AhKey& key, std::uint32_t last_sequence, bool unicast);

// ---- auth_hmac: behind the message, any version and family

inline constexpr std::size_t kTrailerSize = 28;

enum class TrailerVerdict : std::uint8_t {
  Good,
  Missing,
  Malformed,
  UnknownKey,
  Tag,
  Stale,
  Replay,
};

struct TrailerKey {
  std::uint8_t id = 0;
  std::vector<std::uint8_t> secret;  // 32 to 64 octets
};

// Seconds of UTC, a binary fraction of 16 bits, a counter of 16 bits: one growing number.
using TrailerStamp = std::uint64_t;

// Appends the trailer to a whole message. Its checksum is read as zero and not renewed: over IPv4
// it covers the message alone, over IPv6 the trailer too, so there seal() comes afterwards.
void append_trailer(std::vector<std::uint8_t>& message, const IpAddress& source,
                    const TrailerKey& key, TrailerStamp stamp);

struct TrailerPolicy {
  std::span<const TrailerKey> keys;
  TrailerStamp last = 0;             // of this sender; 0: none seen
  std::optional<std::uint32_t> now;  // seconds of UTC, in mode `time`
  std::uint32_t window = 0;
};

struct TrailerResult {
  TrailerVerdict verdict = TrailerVerdict::Missing;
  TrailerStamp stamp = 0;
  std::span<const std::uint8_t> message;  // without the trailer
};

// `octets` is all that follows the IP header.
TrailerResult verify_trailer(std::span<const std::uint8_t> octets, const IpAddress& source,
                             const TrailerPolicy& policy);

}  // namespace holdfast
