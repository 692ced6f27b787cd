#include "wire/auth.hpp"

#include <algorithm>

#include "wire/bytes.hpp"
#include "wire/hash.hpp"
#include "wire/md5.hpp"
#include "wire/sha256.hpp"
#include "wire/vrrp.hpp"

namespace holdfast {

namespace {

constexpr std::size_t kIpv4Minimum = 20;
constexpr std::size_t kVrrpHeader = 8;

// ---- AH

constexpr std::size_t kIcvAt = 12;
constexpr std::size_t kIcvSize = 12;
constexpr std::uint8_t kAhWords = kAhSize / 4 - 2;  // RFC 4302 §2.2

using Icv = std::array<std::uint8_t, kIcvSize>;

// RFC 4302 §3.3.3.1: fields that change on the way count as zero. keepalived covers the TTL where
// no router may lower it.
Icv ah_icv(std::span<const std::uint8_t> ip_header, std::span<const std::uint8_t> payload,
           const AhKey& key, bool unicast) {
  Hmac<Md5> hmac(key);
  hmac.add(ip_header.first(1)).zeros(1);       // TOS
  hmac.add(ip_header.subspan(2, 4)).zeros(2);  // flags and fragment offset
  if (unicast) {
    hmac.zeros(1);
  } else {
    hmac.add(ip_header.subspan(8, 1));
  }
  hmac.add(ip_header.subspan(9, 1)).zeros(2);  // checksum
  hmac.add(ip_header.subspan(12));
  hmac.add(payload.first(kIcvAt)).zeros(kIcvSize).add(payload.subspan(kAhSize));
  const auto digest = hmac.finish();
  Icv icv{};
  std::copy_n(digest.begin(), icv.size(), icv.begin());
  return icv;
}

// ---- the trailer

constexpr std::uint8_t kTrailerType = 1;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kChecksumAt = 6;

using Tag = std::array<std::uint8_t, kTagSize>;

// `octets` is the message with its trailer, the tag in whatever state.
Tag trailer_tag(std::span<const std::uint8_t> octets, const IpAddress& source,
                std::span<const std::uint8_t> secret) {
  const std::array<std::uint8_t, 4> pseudo{source.family, static_cast<std::uint8_t>(octets[0] >> 4),
                                           octets[1], 0};
  Hmac<Sha256> hmac(secret);
  hmac.add(pseudo).add(source.bytes()).zeros(16 - source.size());
  hmac.add(octets.first(kChecksumAt)).zeros(2);
  hmac.add(octets.first(octets.size() - kTagSize).subspan(kChecksumAt + 2)).zeros(kTagSize);
  const auto digest = hmac.finish();
  Tag tag{};
  std::copy_n(digest.begin(), tag.size(), tag.begin());
  return tag;
}

// How long the message is by its own account, without a trailer.
std::size_t message_length(std::span<const std::uint8_t> octets, const IpAddress& source) {
  const std::size_t auth_data = octets[0] >> 4 == 2 ? 8 : 0;
  return kVrrpHeader + octets[3] * source.size() + auth_data;
}

bool in_window(std::uint32_t seconds, std::uint32_t now, std::uint32_t window) {
  return (seconds > now ? seconds - now : now - seconds) <= window;
}

}  // namespace

void ah_wrap(std::span<const std::uint8_t> ip_header, std::span<const std::uint8_t> vrrp,
             const AhKey& key, std::uint32_t sequence, bool unicast,
             std::vector<std::uint8_t>& out) {
  out.clear();
  if (ip_header.size() < kIpv4Minimum || vrrp.size() < kVrrpHeader) return;
  out.resize(kAhSize + vrrp.size());
  const auto spi = ip_header.subspan(12, 4);  // the sender's address
  Writer writer(out);
  writer.u8(kProtocolVrrp).u8(kAhWords).u16(0).bytes(spi).u32(sequence).zeros(kIcvSize).bytes(vrrp);

  const std::span<std::uint8_t> message = std::span(out).subspan(kAhSize);
  message[4] = 2;
  const IpAddress source = IpAddress::from_bytes(spi);
  seal(message, source, source, ChecksumForm::MessageOnly);
  const Icv icv = ah_icv(ip_header, out, key, unicast);
  std::copy(icv.begin(), icv.end(), out.begin() + kIcvAt);
}

AhResult ah_verify(std::span<const std::uint8_t> ip_header, std::span<const std::uint8_t> payload,
                   const AhKey& key, std::uint32_t last_sequence, bool unicast) {
  if (ip_header.size() < kIpv4Minimum || payload.size() < kAhSize) return {};
  Reader reader(payload);
  const bool shape = reader.u8() == kProtocolVrrp && reader.u8() == kAhWords && reader.u16() == 0;
  const auto spi = reader.bytes(4);
  AhResult result;
  result.sequence = reader.u32();
  const auto icv = reader.bytes(kIcvSize);
  if (!shape) return result;
  const auto source = ip_header.subspan(12, 4);
  if (!std::equal(spi.begin(), spi.end(), source.begin())) {
    result.verdict = AhVerdict::Spi;
  } else if (!same_secret(icv, ah_icv(ip_header, payload, key, unicast))) {
    result.verdict = AhVerdict::Icv;
  } else {
    result.verdict = result.sequence > last_sequence ? AhVerdict::Good : AhVerdict::Replay;
  }
  return result;
}

void append_trailer(std::vector<std::uint8_t>& message, const IpAddress& source,
                    const TrailerKey& key, TrailerStamp stamp) {
  if (message.size() < kVrrpHeader) return;
  const std::size_t length = message.size();
  message.resize(length + kTrailerSize);
  Writer(std::span(message).subspan(length))
      .u8(kTrailerType)
      .u8(key.id)
      .u16(0)
      .u32(static_cast<std::uint32_t>(stamp >> 32))
      .u32(static_cast<std::uint32_t>(stamp));
  const Tag tag = trailer_tag(message, source, key.secret);
  std::copy(tag.begin(), tag.end(), message.end() - kTagSize);
}

TrailerResult verify_trailer(std::span<const std::uint8_t> octets, const IpAddress& source,
                             const TrailerPolicy& policy) {
  TrailerResult result;
  result.message = octets;
  if (octets.size() < kVrrpHeader) return result;
  const std::size_t length = message_length(octets, source);
  if (octets.size() <= length) return result;
  result.verdict = TrailerVerdict::Malformed;
  if (octets.size() != length + kTrailerSize) return result;
  result.message = octets.first(length);

  Reader reader(octets.subspan(length));
  const std::uint8_t type = reader.u8();
  const std::uint8_t id = reader.u8();
  const std::uint16_t reserved = reader.u16();
  const std::uint32_t seconds = reader.u32();
  result.stamp = TrailerStamp{seconds} << 32 | reader.u32();
  if (type != kTrailerType || reserved != 0) return result;
  const auto key = std::find_if(policy.keys.begin(), policy.keys.end(),
                                [&](const TrailerKey& candidate) { return candidate.id == id; });
  if (key == policy.keys.end()) {
    result.verdict = TrailerVerdict::UnknownKey;
  } else if (!same_secret(octets.last(kTagSize), trailer_tag(octets, source, key->secret))) {
    result.verdict = TrailerVerdict::Tag;
  } else if (policy.now && !in_window(seconds, *policy.now, policy.window)) {
    result.verdict = TrailerVerdict::Stale;
  } else {
    result.verdict = result.stamp > policy.last ? TrailerVerdict::Good : TrailerVerdict::Replay;
  }
  return result;
}

}  // namespace holdfast
