// Golden adverts: worked vectors, most of them captured from keepalived and FRR and judged by both,
// and what they say. One table for the golden test, the damage test and the fuzzer's seeds.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "hex.hpp"
#include "wire/vrrp.hpp"

namespace holdfast::test {

enum class Wrap : std::uint8_t { Plain, Ah, Trailer };

struct Receiver {
  std::uint8_t version;
  std::uint8_t vrid;
  const char* password;  // empty: no authentication
  Duration interval;
  bool unicast;
};

struct Said {
  std::uint8_t vrid;
  std::uint8_t priority;
  const char* password;
  Duration interval;
  const char* addresses;
  ChecksumForm form;
};

struct Golden {
  std::string_view name;
  const char* octets;  // after the IP header
  Wrap wrap;
  const char* source;
  const char* destination;
  std::uint8_t ttl;
  Receiver receiver;
  // What check() makes of all the octets; nothing: accepted. Of a wrapped advert it cannot know.
  std::optional<Rejection> reason;
  Said said;
  bool exact;  // encoding `said` yields these octets
};

inline std::array<std::uint8_t, 8> padded(std::string_view password) {
  std::array<std::uint8_t, 8> octets{};
  std::copy(password.begin(), password.end(), octets.begin());
  return octets;
}

inline AuthKind kind_of(std::string_view password) {
  return password.empty() ? AuthKind::None : AuthKind::Pass;
}

inline VrrpAdvert advert_of(const Golden& golden) {
  const Said& said = golden.said;
  return {golden.receiver.version, said.vrid,
          said.priority,           said.interval,
          kind_of(said.password),  padded(said.password),
          ips(said.addresses)};
}

inline Expectation expectation_of(const Golden& golden) {
  Expectation expected;
  expected.family = ip(golden.source).family;
  expected.version = golden.receiver.version;
  expected.vrid = golden.receiver.vrid;
  expected.auth = kind_of(golden.receiver.password);
  expected.auth_data = padded(golden.receiver.password);
  expected.interval = golden.receiver.interval;
  expected.unicast = golden.receiver.unicast;
  expected.addresses = ips(golden.said.addresses);
  return expected;
}

// The Packet points into `octets`.
inline Packet packet_of(const Golden& golden, const Octets& octets) {
  return {octets, ip(golden.source), ip(golden.destination), golden.ttl};
}

// clang-format off
inline constexpr Golden kGolden[] = {
    {"v2-noauth-1vip",
     "213364010001b865c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, std::nullopt,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-noauth-2vip-keepalived-2.2.7",
     "213396020001c3fec0000264c00002650000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, std::nullopt,
     {51, 150, "", 1000000, "192.0.2.100 192.0.2.101", ChecksumForm::MessageOnly},
     true},
    {"v2-pass-1vip-keepalived-2.2.7",
     "213396010101494bc00002647333637265740000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "s3cret", 1000000, false}, std::nullopt,
     {51, 150, "s3cret", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-pass-wrong-password",
     "213364010101f213c000026477726f6e67707700",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "s3cret", 1000000, false}, Rejection::AuthFailure,
     {51, 100, "wrongpw", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-authtype-3-unknown",
     "213364010301b565c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::AuthTypeUnknown,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     false},
    {"v2-prio0-keepalived-2.2.7",
     "21330002000159ffc0000264c00002650000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, std::nullopt,
     {51, 0, "", 1000000, "192.0.2.100 192.0.2.101", ChecksumForm::MessageOnly},
     true},
    {"v2-prio255-owner",
     "2133ff0100011d65c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, std::nullopt,
     {51, 255, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-advint-mismatch",
     "213364010005b861c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Interval,
     {51, 100, "", 5000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-bad-checksum-plus1",
     "213364010001b866c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Checksum,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     false},
    {"v2-ttl-254",
     "213364010001b865c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 254,
     {2, 51, "", 1000000, false}, Rejection::Ttl,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-truncated-no-authdata",
     "213364010001b865c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Length,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     false},
    {"v2-count-too-big",
     "213364020001b864c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Length,
     {51, 100, "", 1000000, "192.0.2.100 0.0.0.0", ChecksumForm::MessageOnly},
     false},
    {"v2-count-too-small",
     "213364010001f5ffc0000264c00002650000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Length,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     false},
    {"v2-type-2",
     "223364010001b765c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Type,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     false},
    {"v2-vrid-unknown",
     "213464010001b864c00002640000000000000000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "", 1000000, false}, Rejection::Vrid,
     {52, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v2-ah-hmac-md5-96-keepalived-2.2.7",
     "70040000c000020100000001dbf63c07114bcf7ec73aeafa2133960102018465c000026400000000"
     "00000000",
     Wrap::Ah, "192.0.2.1", "224.0.0.18", 255,
     {2, 51, "s3cret", 1000000, false}, Rejection::Vrid,
     {51, 150, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v3-4-1vip-ph",
     "3133640100640572c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-1vip-noph",
     "313364010064a802c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v3-4-3vip-100ms-keepalived-2.2.7",
     "3133c803000a1cf5c0000264c0000265c0000266",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 100000, false}, std::nullopt,
     {51, 200, "", 100000, "192.0.2.100 192.0.2.101 192.0.2.102", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-1vip-100ms-frr-8.4.4",
     "31339601000ad3cac0000264",
     Wrap::Plain, "192.0.2.2", "224.0.0.18", 255,
     {3, 51, "", 100000, false}, std::nullopt,
     {51, 150, "", 100000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-prio0-frr-8.4.4",
     "31330001000a69cbc0000264",
     Wrap::Plain, "192.0.2.2", "224.0.0.18", 255,
     {3, 51, "", 100000, false}, std::nullopt,
     {51, 0, "", 100000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-prio0",
     "3133000100646972c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 0, "", 1000000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-int-1cs",
     "3133c8010001a1d4c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 10000, false}, std::nullopt,
     {51, 200, "", 10000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-int-4095cs",
     "3133c8010fff91d6c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 40950000, false}, std::nullopt,
     {51, 200, "", 40950000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-4-int-0",
     "3133c8010000a1d5c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, Rejection::IntervalZero,
     {51, 200, "", 0, "192.0.2.100", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-reserved-bits-set",
     "3133c801f064b170c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 200, "", 1000000, "192.0.2.100", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-bad-checksum",
     "3133640100640472c0000264",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, Rejection::Checksum,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-truncated-addr",
     "3133640100640572c000",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, Rejection::Length,
     {51, 100, "", 1000000, "", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-count-0",
     "313364000064c7db",
     Wrap::Plain, "192.0.2.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, Rejection::CountZero,
     {51, 100, "", 1000000, "", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-unicast-ph-real-dst",
     "3133640100642382c0000264",
     Wrap::Plain, "192.0.2.1", "192.0.2.2", 255,
     {3, 51, "", 1000000, true}, std::nullopt,
     {51, 100, "", 1000000, "192.0.2.100", ChecksumForm::PseudoHeader},
     true},
    {"v3-6-2vip-100ms-keepalived-2.2.7",
     "3133c802000adc54fe80000000000000000000000001000120010db8000000000000000000000100",
     Wrap::Plain, "fe80::ff:fe00:1", "ff02::12", 255,
     {3, 51, "", 100000, false}, std::nullopt,
     {51, 200, "", 100000, "fe80::1:1 2001:db8::100", ChecksumForm::PseudoHeader},
     true},
    {"v3-6-prio0-keepalived-2.2.7",
     "31330002000aa455fe80000000000000000000000001000120010db8000000000000000000000100",
     Wrap::Plain, "fe80::ff:fe00:1", "ff02::12", 255,
     {3, 51, "", 100000, false}, std::nullopt,
     {51, 0, "", 100000, "fe80::1:1 2001:db8::100", ChecksumForm::PseudoHeader},
     true},
    {"v3-6-first-not-linklocal",
     "3133c8020064dbfa20010db8000000000000000000000100fe800000000000000000000000010001",
     Wrap::Plain, "fe80::ff:fe00:1", "ff02::12", 255,
     {3, 51, "", 1000000, false}, Rejection::NotLinkLocal,
     {51, 200, "", 1000000, "2001:db8::100 fe80::1:1", ChecksumForm::PseudoHeader},
     true},
    {"v3-6-hoplimit-64",
     "3133c8020064dbfafe80000000000000000000000001000120010db8000000000000000000000100",
     Wrap::Plain, "fe80::ff:fe00:1", "ff02::12", 64,
     {3, 51, "", 1000000, false}, Rejection::Ttl,
     {51, 200, "", 1000000, "fe80::1:1 2001:db8::100", ChecksumForm::PseudoHeader},
     true},
    {"v3-6-bad-checksum",
     "3133c8020064dbfbfe80000000000000000000000001000120010db8000000000000000000000100",
     Wrap::Plain, "fe80::ff:fe00:1", "ff02::12", 255,
     {3, 51, "", 1000000, false}, Rejection::Checksum,
     {51, 200, "", 1000000, "fe80::1:1 2001:db8::100", ChecksumForm::PseudoHeader},
     false},
    {"v3-4-auth-hmac-noph-keepalived-2.4.2",
     "3133c80100644402c00002640101000068000000800000001b84bc4e8e43892dc6d98448f8ee2265",
     Wrap::Trailer, "198.51.100.10", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, Rejection::Length,
     {51, 200, "", 1000000, "192.0.2.100", ChecksumForm::MessageOnly},
     true},
    {"v3-6-auth-hmac-unicast-keepalived-2.4.2",
     "3133c8010064a2e9fe800000000000000000000000000100010100006800000080000000c8c56146"
     "ebfd66ee10ec4d8186461b78",
     Wrap::Trailer, "fe80::10", "fe80::20", 255,
     {3, 51, "", 1000000, true}, Rejection::Length,
     {51, 200, "", 1000000, "fe80::100", ChecksumForm::PseudoHeader},
     true},
    // Captured images of keepalived.
    {"image-v2-pass",
     "21336402010105f3c0a8c810c0a8c8113131313100000000",
     Wrap::Plain, "192.168.200.2", "224.0.0.18", 255,
     {2, 51, "1111", 1000000, false}, std::nullopt,
     {51, 100, "1111", 1000000, "192.168.200.16 192.168.200.17", ChecksumForm::MessageOnly},
     true},
    {"image-v2-none",
     "213464010001f10fc0a8c9100000000000000000",
     Wrap::Plain, "192.168.201.1", "224.0.0.18", 255,
     {2, 52, "", 1000000, false}, std::nullopt,
     {52, 100, "", 1000000, "192.168.201.16", ChecksumForm::MessageOnly},
     true},
    {"image-v2-pass-resign",
     "21330002010169f3c0a8c810c0a8c8113131313100000000",
     Wrap::Plain, "192.168.200.2", "224.0.0.18", 255,
     {2, 51, "1111", 1000000, false}, std::nullopt,
     {51, 0, "1111", 1000000, "192.168.200.16 192.168.200.17", ChecksumForm::MessageOnly},
     true},
    {"image-v3",
     "3133960100644674c0a8c810",
     Wrap::Plain, "192.168.200.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 150, "", 1000000, "192.168.200.16", ChecksumForm::PseudoHeader},
     true},
    {"image-v3-resign",
     "313300010064dc74c0a8c810",
     Wrap::Plain, "192.168.200.1", "224.0.0.18", 255,
     {3, 51, "", 1000000, false}, std::nullopt,
     {51, 0, "", 1000000, "192.168.200.16", ChecksumForm::PseudoHeader},
     true},
    {"image-v3-ipv6",
     "3134960200320f00fe80000000000000000000000000001620010db8000100000000000000000016",
     Wrap::Plain, "fe80::ff:fe01:1", "ff02::12", 255,
     {3, 52, "", 500000, false}, std::nullopt,
     {52, 150, "", 500000, "fe80::16 2001:db8:1::16", ChecksumForm::PseudoHeader},
     true},
    {"image-v2-ah",
     "70040000c0a8c801000000019004c3cd54271fe21963c4bc213364010201f010c0a8c81000000000"
     "00000000",
     Wrap::Ah, "192.168.200.1", "224.0.0.18", 255,
     {2, 51, "secret12", 1000000, false}, Rejection::Vrid,
     {51, 100, "", 1000000, "192.168.200.16", ChecksumForm::MessageOnly},
     true},
};
// clang-format on

}  // namespace holdfast::test
