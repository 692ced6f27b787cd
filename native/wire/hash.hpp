// What MD5 and SHA-256 have in common: 64-octet blocks, the same padding, words in one order or the
// other; and HMAC (RFC 2104) over either. A hash is fed in pieces, so that a message with fields
// to be read as zero needs no copy.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace holdfast {

// For comparing secrets and tags: the time taken tells nothing about where they differ.
inline bool same_secret(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    difference |= static_cast<unsigned>(left[i] ^ right[i]);
  }
  return difference == 0;
}

template <typename Rounds>
class Hash {
 public:
  static constexpr std::size_t kBlockSize = 64;
  using Digest = std::array<std::uint8_t, Rounds::kDigestSize>;

  Hash& add(std::span<const std::uint8_t> octets) {
    for (const std::uint8_t octet : octets) add(octet);
    return *this;
  }
  Hash& zeros(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) add(std::uint8_t{0});
    return *this;
  }
  Digest finish() {
    const std::uint64_t bits = length_ * 8;
    add(std::uint8_t{0x80});
    while (length_ % kBlockSize != kBlockSize - 8) add(std::uint8_t{0});
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t shift = (Rounds::kBigEndian ? 7 - i : i) * 8;
      add(static_cast<std::uint8_t>(bits >> shift));
    }
    Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
      digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> shift_of(i));
    }
    return digest;
  }

 private:
  static constexpr std::size_t shift_of(std::size_t octet) {
    return (Rounds::kBigEndian ? 3 - octet % 4 : octet % 4) * 8;
  }
  void add(std::uint8_t octet) {
    const std::size_t at = length_ % kBlockSize;
    if (at == 0) block_.fill(0);
    block_[at / 4] |= static_cast<std::uint32_t>(octet) << shift_of(at);
    if (++length_ % kBlockSize == 0) Rounds::mix(state_, block_);
  }

  std::remove_const_t<decltype(Rounds::kStart)> state_ = Rounds::kStart;
  std::array<std::uint32_t, kBlockSize / 4> block_{};
  std::uint64_t length_ = 0;
};

template <typename H>
class Hmac {
 public:
  explicit Hmac(std::span<const std::uint8_t> key) {
    std::array<std::uint8_t, H::kBlockSize> block{};
    if (key.size() > block.size()) {
      const auto digest = H().add(key).finish();
      std::copy(digest.begin(), digest.end(), block.begin());
    } else {
      std::copy(key.begin(), key.end(), block.begin());
    }
    for (std::uint8_t& octet : block) octet ^= 0x36;
    inner_.add(block);
    for (std::uint8_t& octet : block) octet ^= 0x36 ^ 0x5c;
    outer_.add(block);
  }
  Hmac& add(std::span<const std::uint8_t> octets) {
    inner_.add(octets);
    return *this;
  }
  Hmac& zeros(std::size_t count) {
    inner_.zeros(count);
    return *this;
  }
  typename H::Digest finish() { return outer_.add(inner_.finish()).finish(); }

 private:
  H inner_;
  H outer_;
};

}  // namespace holdfast
