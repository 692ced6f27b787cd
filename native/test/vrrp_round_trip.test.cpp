// check(encode(advert)) says what the advert said, over many adverts of every version and family.
// The seed is fixed; a failure prints the number of the advert within it.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "hex.hpp"
#include "wire/ip_header.hpp"
#include "wire/vrrp.hpp"

namespace holdfast::test {

constexpr std::uint32_t kSeed = 0x5eed;
constexpr int kRounds = 4000;

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  std::uint8_t octet() { return static_cast<std::uint8_t>(below(256)); }
  bool coin() { return below(2) == 1; }
  IpAddress address(std::uint8_t family) {
    IpAddress address;
    address.family = family;
    for (std::size_t i = 0; i < address.size(); ++i) address.octets[i] = octet();
    return address;
  }
  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_;
};

struct Case {
  std::uint8_t family = 4;
  VrrpAdvert advert;
  IpAddress source;
  IpAddress destination;
  ChecksumForm form = ChecksumForm::PseudoHeader;
};

Case any_case(Dice& dice) {
  Case one;
  one.family = dice.below(3) == 0 ? 6 : 4;
  VrrpAdvert& advert = one.advert;
  advert.version = one.family == 6 || dice.coin() ? 3 : 2;
  advert.vrid = dice.octet();
  advert.priority = dice.octet();
  if (advert.version == 2) {
    advert.interval = Duration{1'000'000} * (1 + dice.below(255));
    if (dice.coin()) {
      advert.auth = AuthKind::Pass;
      for (std::uint8_t& octet : advert.auth_data) octet = dice.octet();
    }
  } else {
    advert.interval = Duration{10'000} * (1 + dice.below(4095));
  }
  const std::uint32_t count = dice.below(20) == 0 ? 255 : 1 + dice.below(12);
  for (std::uint32_t i = 0; i < count; ++i) advert.addresses.push_back(dice.address(one.family));
  if (one.family == 6) {
    advert.addresses[0].octets[0] = 0xfe;
    advert.addresses[0].octets[1] = 0x80;
  }
  one.source = dice.address(one.family);
  one.destination = dice.address(one.family);
  one.form = dice.coin() ? ChecksumForm::PseudoHeader : ChecksumForm::MessageOnly;
  return one;
}

Expectation expecting(const Case& one) {
  Expectation expected;
  expected.family = one.family;
  expected.version = one.advert.version;
  expected.vrid = one.advert.vrid;
  expected.auth = one.advert.auth;
  expected.auth_data = one.advert.auth_data;
  expected.interval = one.advert.interval;
  expected.form = one.form;
  expected.strict = true;
  expected.addresses = one.advert.addresses;
  return expected;
}

ChecksumForm form_on_the_wire(const Case& one) {
  if (one.advert.version == 2) return ChecksumForm::MessageOnly;
  return one.family == 6 ? ChecksumForm::PseudoHeader : one.form;
}

TEST_CASE("what was encoded is accepted and says the same, IP header included") {
  Dice dice(kSeed);
  Octets octets;
  for (int round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    const Case one = any_case(dice);
    REQUIRE(encode(one.advert, one.source, one.destination, one.form, octets) > 0);
    const Octets whole = ip_packet({one.source, one.destination}, octets);
    const auto packet = parse_ip(whole);
    REQUIRE(packet);
    const auto result = check(*packet, expecting(one));
    const auto* advert = std::get_if<Accepted>(&result);
    REQUIRE(advert != nullptr);
    CHECK(*advert ==
          Accepted{one.advert.priority, one.advert.interval, true, true, form_on_the_wire(one)});
  }
}

TEST_CASE("the order of the addresses does not matter, their content does") {
  Dice dice(kSeed + 1);
  Octets octets;
  for (int round = 0; round < kRounds / 4; ++round) {
    CAPTURE(round);
    const Case one = any_case(dice);
    REQUIRE(encode(one.advert, one.source, one.destination, one.form, octets) > 0);
    const Packet packet{octets, one.source, one.destination, 255};
    Expectation expected = expecting(one);
    std::shuffle(expected.addresses.begin(), expected.addresses.end(), dice.engine());
    CHECK(std::get<Accepted>(check(packet, expected)).addresses_match);

    const auto at = dice.below(static_cast<std::uint32_t>(expected.addresses.size()));
    const auto octet = dice.below(one.family == 6 ? 16 : 4);
    expected.addresses[at].octets[octet] ^= 0x10;
    const auto drifted = std::get<Accepted>(check(packet, expected));
    CHECK_FALSE(drifted.addresses_match);
    CHECK(drifted.count_matches);

    expected.addresses.pop_back();
    const auto shorter = std::get<Accepted>(check(packet, expected));
    CHECK_FALSE(shorter.addresses_match);
    CHECK_FALSE(shorter.count_matches);
  }
}

}  // namespace holdfast::test
