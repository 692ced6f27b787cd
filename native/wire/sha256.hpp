// SHA-256 (FIPS 180-4), for keepalived's auth_hmac trailer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "wire/hash.hpp"

namespace holdfast {

struct Sha256Rounds {
  static constexpr std::size_t kDigestSize = 32;
  static constexpr bool kBigEndian = true;
  static constexpr std::array<std::uint32_t, 8> kStart{
      0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  };
  static void mix(std::array<std::uint32_t, 8>& state, const std::array<std::uint32_t, 16>& words);
};
using Sha256 = Hash<Sha256Rounds>;

}  // namespace holdfast
