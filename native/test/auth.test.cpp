// The authentication header and the auth_hmac trailer, against captured adverts of keepalived.
#include "wire/auth.hpp"

#include <doctest/doctest.h>

#include <ostream>

#include "vectors.hpp"
#include "wire/checksum.hpp"
#include "wire/ip_header.hpp"

namespace holdfast::test {

TrailerKey published_key() {
  TrailerKey key{1, Octets(32)};
  for (std::size_t i = 0; i < key.secret.size(); ++i) key.secret[i] = static_cast<std::uint8_t>(i);
  return key;
}

// 0x68000000 s, a half, 0.
constexpr TrailerStamp kPublishedStamp = 0x6800'0000'8000'0000;

Octets encoded(const Golden& golden) {
  Octets octets;
  VrrpAdvert advert = advert_of(golden);
  encode(advert, ip(golden.source), ip(golden.destination), golden.said.form, octets);
  return octets;
}

// The header these were captured with: the first advert of its sender.
Octets ah_header(const Golden& golden, std::size_t payload) {
  Octets header(kIpv4HeaderSize);
  write_ip_header({ip(golden.source), ip(golden.destination), golden.ttl, 1, kProtocolAh}, payload,
                  header);
  return header;
}

TEST_CASE("golden adverts under AH, both ways") {
  std::size_t seen = 0;
  for (const Golden& golden : kGolden) {
    if (golden.wrap != Wrap::Ah) continue;
    CAPTURE(golden.name);
    ++seen;
    const AhKey key = padded(golden.receiver.password);
    const Octets octets = from_hex(golden.octets);
    const Octets header = ah_header(golden, octets.size());
    const AhResult result = ah_verify(header, octets, key, 0, false);
    CHECK(result.verdict == AhVerdict::Good);
    CHECK(result.sequence == 1);

    Octets wrapped;
    ah_wrap(header, encoded(golden), key, 1, false, wrapped);
    CHECK(to_hex(wrapped) == golden.octets);

    // To a receiver without AH the message inside has an authentication that it has not.
    Expectation expected = expectation_of(golden);
    expected.auth = AuthKind::None;
    const auto inside = std::span(octets).subspan(kAhSize);
    const auto verdict = check({inside, ip(golden.source), ip(golden.destination), 255}, expected);
    REQUIRE(std::holds_alternative<Rejected>(verdict));
    CHECK(std::get<Rejected>(verdict).reason == Rejection::AuthTypeMismatch);
  }
  CHECK(seen == 2);
}

struct AhSample {
  Octets header;
  Octets octets;
  AhKey key = padded("s3cret");

  explicit AhSample(bool unicast) {
    const Octets vrrp = from_hex("213364010001b865c00002640000000000000000");
    header.resize(kIpv4HeaderSize);
    write_ip_header({ip("192.0.2.1"), ip("192.0.2.2"), 255, 7, kProtocolAh}, vrrp.size() + kAhSize,
                    header);
    ah_wrap(header, vrrp, key, 5, unicast, octets);
  }
  [[nodiscard]] AhVerdict verdict(std::uint32_t last, bool unicast) const {
    return ah_verify(header, octets, key, last, unicast).verdict;
  }
};

TEST_CASE("AH: each verdict") {
  AhSample sample(false);
  CHECK(sample.verdict(4, false) == AhVerdict::Good);
  CHECK(sample.verdict(5, false) == AhVerdict::Replay);
  sample.key[0] ^= 1;
  CHECK(sample.verdict(4, false) == AhVerdict::Icv);
  sample.octets[7] ^= 1;
  CHECK(sample.verdict(4, false) == AhVerdict::Spi);
  for (const std::size_t at : {0U, 1U, 2U, 3U}) {
    AhSample broken(false);
    broken.octets[at] ^= 1;
    CHECK(broken.verdict(4, false) == AhVerdict::Malformed);
  }
  sample.octets.resize(kAhSize - 1);
  CHECK(sample.verdict(4, false) == AhVerdict::Malformed);
}

TEST_CASE("AH covers the header but for what changes on the way") {
  for (std::size_t at = 0; at < kIpv4HeaderSize; ++at) {
    CAPTURE(at);
    const bool spi = at >= 12 && at < 16;
    if (spi) continue;
    const bool changes = at == 1 || at == 6 || at == 7 || at == 10 || at == 11;
    AhSample sample(false);
    sample.header[at] ^= 1;
    CHECK((sample.verdict(4, false) == AhVerdict::Good) == changes);
    AhSample unicast(true);
    unicast.header[at] ^= 1;
    CHECK((unicast.verdict(4, true) == AhVerdict::Good) == (changes || at == 8));
  }
}

TEST_CASE("golden adverts with the trailer, both ways") {
  const TrailerKey key = published_key();
  std::size_t seen = 0;
  for (const Golden& golden : kGolden) {
    if (golden.wrap != Wrap::Trailer) continue;
    CAPTURE(golden.name);
    ++seen;
    const IpAddress source = ip(golden.source);
    const Octets octets = from_hex(golden.octets);
    const TrailerPolicy policy{.keys = {&key, 1}, .last = 0, .now = 0x68000003, .window = 5};
    const TrailerResult result = verify_trailer(octets, source, policy);
    CHECK(result.verdict == TrailerVerdict::Good);
    CHECK(result.stamp == kPublishedStamp);
    CHECK(to_hex(result.message) ==
          std::string_view(golden.octets).substr(0, octets.size() * 2 - 56));

    Octets built = encoded(golden);
    append_trailer(built, source, key, kPublishedStamp);
    if (source.family == 6) {
      seal(built, source, ip(golden.destination), ChecksumForm::PseudoHeader);
    } else {
      const Packet bare{result.message, source, ip(golden.destination), 255};
      CHECK(std::holds_alternative<Accepted>(check(bare, expectation_of(golden))));
    }
    CHECK(to_hex(built) == golden.octets);
  }
  CHECK(seen == 2);
}

TEST_CASE("the trailer: each verdict") {
  const TrailerKey key = published_key();
  const IpAddress source = ip("198.51.100.10");
  const Octets message = from_hex("3133c80100644402c0000264");
  const auto verdict = [&](const Octets& octets, const TrailerPolicy& policy) {
    return verify_trailer(octets, source, policy).verdict;
  };
  Octets whole = message;
  append_trailer(whole, source, key, kPublishedStamp);
  const TrailerPolicy policy{.keys = {&key, 1}, .last = 0, .now = {}, .window = 0};
  CHECK(verdict(whole, policy) == TrailerVerdict::Good);
  CHECK(verdict(message, policy) == TrailerVerdict::Missing);
  CHECK(verdict({}, policy) == TrailerVerdict::Missing);
  CHECK(verdict(whole, {}) == TrailerVerdict::UnknownKey);

  TrailerPolicy late = policy;
  late.last = kPublishedStamp - 1;
  CHECK(verdict(whole, late) == TrailerVerdict::Good);
  late.last = kPublishedStamp;
  CHECK(verdict(whole, late) == TrailerVerdict::Replay);
  TrailerPolicy timed = policy;
  timed.window = 5;
  for (const std::uint32_t now : {0x68000005U, 0x67fffffbU}) {
    timed.now = now;
    CHECK(verdict(whole, timed) == TrailerVerdict::Good);
  }
  for (const std::uint32_t now : {0x68000006U, 0x67fffffaU}) {
    timed.now = now;
    CHECK(verdict(whole, timed) == TrailerVerdict::Stale);
  }
  for (const std::size_t at : {12U, 14U, 15U}) {
    Octets broken = whole;
    broken[at] ^= 2;
    CHECK(verdict(broken, policy) == TrailerVerdict::Malformed);
  }
}

TEST_CASE("the tag covers every octet but the checksum's") {
  const TrailerKey key = published_key();
  const IpAddress source = ip("198.51.100.10");
  Octets whole = from_hex("3133c80100644402c0000264");
  append_trailer(whole, source, key, kPublishedStamp);
  const TrailerPolicy policy{.keys = {&key, 1}, .last = 0, .now = {}, .window = 0};
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    Octets broken = whole;
    broken[at] ^= 4;
    const bool good = verify_trailer(broken, source, policy).verdict == TrailerVerdict::Good;
    CHECK(good == (at == 6 || at == 7));
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(verify_trailer(cut, source, policy).verdict != TrailerVerdict::Good);
  }
}

}  // namespace holdfast::test
