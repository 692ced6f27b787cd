// Every golden advert, both ways: check() gives its verdict and what it says; encode() gives its
// octets.
#include <doctest/doctest.h>

#include <ostream>

#include "vectors.hpp"
#include "wire/vrrp.hpp"

namespace holdfast::test {

TEST_CASE("golden adverts: the verdict") {
  for (const Golden& golden : kGolden) {
    CAPTURE(golden.name);
    const Octets octets = from_hex(golden.octets);
    Expectation expected = expectation_of(golden);
    // A receiver whose own list has the same fault would let these two pass.
    if (golden.reason == Rejection::CountZero) expected.addresses = {ip("192.0.2.100")};
    if (golden.reason == Rejection::NotLinkLocal) expected.addresses = {ip("fe80::1")};
    const auto result = check(packet_of(golden, octets), expected);
    const auto* fault = std::get_if<Rejected>(&result);
    CHECK((fault == nullptr) == !golden.reason.has_value());
    if (fault != nullptr && golden.reason) {
      CHECK(kRejections[static_cast<std::size_t>(fault->reason)] ==
            kRejections[static_cast<std::size_t>(*golden.reason)]);
    }
    if (const auto* advert = std::get_if<Accepted>(&result)) {
      CHECK(advert->priority == golden.said.priority);
      CHECK(advert->interval == golden.said.interval);
      CHECK(advert->form_seen == golden.said.form);
      CHECK(advert->count_matches);
      CHECK(advert->addresses_match);
    }
  }
}

TEST_CASE("golden adverts: the octets") {
  std::size_t exact = 0;
  for (const Golden& golden : kGolden) {
    if (!golden.exact || golden.wrap != Wrap::Plain) continue;
    CAPTURE(golden.name);
    Octets octets;
    const std::size_t size = encode(advert_of(golden), ip(golden.source), ip(golden.destination),
                                    golden.said.form, octets);
    CHECK(size == octets.size());
    CHECK(to_hex(octets) == golden.octets);
    ++exact;
  }
  CHECK(exact == 28);
}

TEST_CASE("golden adverts: what a look ahead sees") {
  for (const Golden& golden : kGolden) {
    if (golden.wrap != Wrap::Plain) continue;
    CAPTURE(golden.name);
    const auto seen = peek(from_hex(golden.octets));
    REQUIRE(seen);
    CHECK(seen->version == golden.receiver.version);
    CHECK(seen->vrid == golden.said.vrid);
    CHECK(seen->type == (golden.reason == Rejection::Type ? 2 : 1));
    CHECK_FALSE(seen->carp);
  }
}

TEST_CASE("a rejection carries the two numbers that its log line needs") {
  struct Numbers {
    std::string_view name;
    std::uint32_t got;
    std::uint32_t expected;
  };
  constexpr Numbers kNumbers[] = {
      {"v2-authtype-3-unknown", 3, 0},
      {"v2-advint-mismatch", 5, 1},
      {"v2-bad-checksum-plus1", 0xb866, 0xb865},
      {"v2-ttl-254", 254, 255},
      {"v2-truncated-no-authdata", 12, 20},
      {"v2-count-too-small", 24, 20},
      {"v2-type-2", 2, 1},
      {"v2-vrid-unknown", 52, 51},
      {"v3-4-bad-checksum", 0x0472, 0x0572},
      {"v3-6-bad-checksum", 0xdbfb, 0xdbfa},
      {"v3-6-hoplimit-64", 64, 255},
      {"v3-4-truncated-addr", 10, 12},
  };
  for (const Numbers& numbers : kNumbers) {
    CAPTURE(numbers.name);
    const Golden* golden =
        std::find_if(std::begin(kGolden), std::end(kGolden),
                     [&](const Golden& row) { return row.name == numbers.name; });
    REQUIRE(golden != std::end(kGolden));
    const Octets octets = from_hex(golden->octets);
    const auto result = check(packet_of(*golden, octets), expectation_of(*golden));
    const auto* fault = std::get_if<Rejected>(&result);
    REQUIRE(fault != nullptr);
    CHECK(fault->got == numbers.got);
    CHECK(fault->expected == numbers.expected);
  }
}

}  // namespace holdfast::test
