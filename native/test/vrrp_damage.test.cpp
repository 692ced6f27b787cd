// Damaged adverts: cut anywhere, or with any one bit turned, a message is refused or says something
// consistent. The octets are copied to a block of exactly their size, so that the address sanitizer
// sees a read past the end.
#include <doctest/doctest.h>

#include <memory>
#include <ostream>

#include "vectors.hpp"
#include "wire/auth.hpp"
#include "wire/vrrp.hpp"

namespace holdfast::test {

class Exact {
 public:
  explicit Exact(std::span<const std::uint8_t> octets)
      : block_(std::make_unique<std::uint8_t[]>(octets.size())), size_(octets.size()) {
    std::copy(octets.begin(), octets.end(), block_.get());
  }
  [[nodiscard]] std::span<const std::uint8_t> octets() const { return {block_.get(), size_}; }

 private:
  std::unique_ptr<std::uint8_t[]> block_;
  std::size_t size_;
};

std::variant<Accepted, Rejected> check_octets(const Golden& golden,
                                              std::span<const std::uint8_t> octets) {
  const Packet packet{octets, ip(golden.source), ip(golden.destination), golden.ttl};
  return check(packet, expectation_of(golden));
}

TEST_CASE("every truncation is refused") {
  for (const Golden& golden : kGolden) {
    CAPTURE(golden.name);
    const Octets whole = from_hex(golden.octets);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      const std::span<const std::uint8_t> octets(whole);
      const Exact cut(octets.first(size));
      CHECK(peek(cut.octets()).has_value() == (size >= 8));
      const auto result = check_octets(golden, cut.octets());
      const auto* fault = std::get_if<Rejected>(&result);
      // Cut by exactly its trailer, an IPv4 advert is whole (over IPv6 the checksum covers both);
      // and so is the one that counts too few addresses, once four of its zeros are gone.
      const bool bare = golden.wrap == Wrap::Trailer && ip(golden.source).family == 4 &&
                        size == whole.size() - kTrailerSize;
      const bool mended = golden.name == "v2-count-too-small" && size == 20;
      CHECK(((fault == nullptr) == (bare || mended)));
      if (size < 8) CHECK((fault != nullptr && fault->reason == Rejection::TooShort));
    }
  }
}

TEST_CASE("every octet too many is refused") {
  for (const Golden& golden : kGolden) {
    if (golden.reason || golden.wrap != Wrap::Plain) continue;
    CAPTURE(golden.name);
    Octets octets = from_hex(golden.octets);
    octets.push_back(0);
    const auto result = check_octets(golden, octets);
    const auto* fault = std::get_if<Rejected>(&result);
    CHECK((fault != nullptr && fault->reason == Rejection::Length));
  }
}

TEST_CASE("every flipped bit is refused: the checksum sees each of them") {
  for (const Golden& golden : kGolden) {
    if (golden.reason) continue;
    CAPTURE(golden.name);
    const Octets whole = from_hex(golden.octets);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
      CAPTURE(bit);
      Octets octets = whole;
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80 >> bit % 8);
      const Exact flipped(octets);
      const auto result = check_octets(golden, flipped.octets());
      CHECK(std::holds_alternative<Rejected>(result));
    }
  }
}

TEST_CASE("a bit flipped under a renewed checksum is refused or changes what is said") {
  for (const Golden& golden : kGolden) {
    if (golden.reason) continue;
    CAPTURE(golden.name);
    const Octets whole = from_hex(golden.octets);
    const auto before = std::get<Accepted>(check_octets(golden, whole));
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
      if (bit / 8 == 6 || bit / 8 == 7) continue;  // the checksum itself
      CAPTURE(bit);
      Octets octets = whole;
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] ^ 0x80 >> bit % 8);
      seal(octets, ip(golden.source), ip(golden.destination), golden.said.form);
      const auto result = check_octets(golden, octets);
      const auto* after = std::get_if<Accepted>(&result);
      if (after == nullptr) continue;
      const bool reserved = golden.receiver.version == 3 && bit / 8 == 4 && bit % 8 < 4;
      const bool ignored = golden.receiver.version == 2 && bit / 8 >= whole.size() - 8;
      CHECK((*after == before) == (reserved || ignored));
    }
  }
}

}  // namespace holdfast::test
