// MD5 (RFC 1321), for the AH authentication of VRRPv2 and nothing else: as a hash it is broken, as
// HMAC-MD5-96 it is what the other end speaks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "wire/hash.hpp"

namespace holdfast {

struct Md5Rounds {
  static constexpr std::size_t kDigestSize = 16;
  static constexpr bool kBigEndian = false;
  static constexpr std::array<std::uint32_t, 4> kStart{0x67452301, 0xefcdab89, 0x98badcfe,
                                                       0x10325476};
  static void mix(std::array<std::uint32_t, 4>& state, const std::array<std::uint32_t, 16>& words);
};
using Md5 = Hash<Md5Rounds>;

}  // namespace holdfast
