// Whatever a packet socket may hand over: parse the IP header, look ahead, check. Nothing may read
// out of bounds, and what is accepted must be what an encoder would have said. Each input runs
// twice, as it is and with its checksums renewed: guessing two of them is not the fuzzer's job.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "wire/auth.hpp"
#include "wire/bytes.hpp"
#include "wire/checksum.hpp"
#include "wire/ip_header.hpp"
#include "wire/vrrp.hpp"

namespace {

using namespace holdfast;
using Octets = std::vector<std::uint8_t>;

void must(bool holds) {
  if (!holds) std::abort();
}

std::vector<IpAddress> addresses_of(const Packet& packet) {
  std::vector<IpAddress> list;
  Reader reader(packet.message);
  reader.skip(3);
  const std::uint8_t count = reader.u8();
  reader.skip(4);
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(IpAddress::from_bytes(reader.bytes(packet.source.size())));
  }
  must(reader.ok());
  return list;
}

// What an encoder would have sent, but for the bits that a receiver ignores.
void check_accepted(const Packet& packet, const Expectation& expected, const Accepted& said) {
  const VrrpAdvert advert{expected.version, expected.vrid,      said.priority,       said.interval,
                          expected.auth,    expected.auth_data, addresses_of(packet)};
  must(said.count_matches == (advert.addresses.size() == expected.addresses.size()));
  must(said.count_matches || !said.addresses_match);

  Octets again;
  const bool empty = expected.version == 3 && advert.addresses.empty();
  must(!empty);
  must(encode(advert, packet.source, packet.destination, said.form_seen, again) ==
       packet.message.size());
  const bool ignores_data = expected.version == 2 && expected.auth == AuthKind::None;
  const std::size_t end = again.size() - (ignores_data ? 8 : 0);
  for (std::size_t i = 0; i < end; ++i) {
    if (i == 6 || i == 7) continue;
    const std::uint8_t mask = expected.version == 3 && i == 4 ? 0x0f : 0xff;
    must((again[i] & mask) == (packet.message[i] & mask));
  }
  Packet copy = packet;
  copy.message = again;
  const auto result = check(copy, expected);
  const auto* same = std::get_if<Accepted>(&result);
  must(same != nullptr && *same == said);
}

void run(const Octets& octets) {
  const auto packet = parse_ip(octets);
  if (!packet) return;
  const auto seen = peek(packet->message);
  must(seen.has_value() == (packet->message.size() >= 8));
  const TrailerKey key{1, Octets(32, 0x11)};
  (void)verify_trailer(packet->message, packet->source, {.keys = {&key, 1}});
  if (packet->source.family == 4) {
    (void)ah_verify(std::span(octets).first(kIpv4HeaderSize), packet->message, {}, 0, false);
  }

  Expectation expected;
  expected.family = packet->source.family;
  expected.interval = 1'000'000;
  expected.addresses = {IpAddress{expected.family, {192, 0, 2, 100}}};
  for (unsigned variant = 0; variant < 8; ++variant) {
    expected.version = expected.family == 6 || (variant & 1) != 0 ? 3 : 2;
    expected.vrid = seen ? seen->vrid : 51;
    expected.auth = (variant & 2) != 0 ? AuthKind::Pass : AuthKind::None;
    expected.unicast = (variant & 2) != 0;
    expected.strict = (variant & 4) != 0;
    expected.form = (variant & 4) != 0 ? ChecksumForm::MessageOnly : ChecksumForm::PseudoHeader;
    if (packet->message.size() >= 8) {
      const auto tail = packet->message.last(8);
      std::copy(tail.begin(), tail.end(), expected.auth_data.begin());
    }
    const auto result = check(*packet, expected);
    if (const auto* said = std::get_if<Accepted>(&result)) check_accepted(*packet, expected, *said);
  }
}

// Over IPv4 the form varies with the message, so that both are met.
void renew_checksums(Octets& octets) {
  if (octets.empty()) return;
  if (octets[0] >> 4 == 4 && octets.size() >= kIpv4HeaderSize) {
    const std::size_t size = std::min<std::size_t>((octets[0] & 0x0fU) * 4U, octets.size());
    const std::span<std::uint8_t> field = std::span(octets).subspan(10, 2);
    Writer(field).u16(0);
    Writer(field).u16(Checksum().add(std::span(octets).first(size)).value());
  }
  const auto packet = parse_ip(octets);
  if (!packet || packet->message.size() < 8) return;
  const auto at = static_cast<std::size_t>(packet->message.data() - octets.data());
  const bool odd = (packet->message[2] & 1) != 0;
  seal(std::span(octets).subspan(at, packet->message.size()), packet->source, packet->destination,
       odd ? ChecksumForm::MessageOnly : ChecksumForm::PseudoHeader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Octets octets(data, data + size);
  run(octets);
  renew_checksums(octets);
  run(octets);
  return 0;
}
