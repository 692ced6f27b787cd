// The checked reader and writer, and the checksum: RFC 1071's own example and the arithmetic that
// carrying a sum on depends on.
#include "wire/bytes.hpp"

#include <doctest/doctest.h>

#include "hex.hpp"
#include "wire/checksum.hpp"

namespace holdfast::test {

TEST_CASE("a reader reads big endian, and zeros past the end") {
  const Octets octets = from_hex("01 0203 04050607 08");
  Reader reader(octets);
  CHECK(reader.u8() == 0x01);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.left() == 1);
  CHECK(reader.ok());
  CHECK(reader.u16() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.left() == 0);
  CHECK(reader.u8() == 0);
  CHECK(reader.bytes(1).empty());
}

TEST_CASE("a reader hands out what it has and no more") {
  const Octets octets = from_hex("0a0b0c");
  Reader reader(octets);
  reader.skip(1);
  CHECK(to_hex(reader.bytes(2)) == "0b0c");
  CHECK(reader.bytes(0).empty());
  CHECK(reader.ok());
  reader.skip(1);
  CHECK_FALSE(reader.ok());
}

TEST_CASE("a writer writes big endian, and nothing past the end") {
  Octets room(8, 0xee);
  Writer writer(std::span<std::uint8_t>(room).first(7));
  writer.u8(0x01).u16(0x0203).u32(0x04050607);
  CHECK(writer.ok());
  CHECK(writer.written() == 7);
  writer.u8(0x08);
  CHECK_FALSE(writer.ok());
  CHECK(to_hex(room) == "01020304050607ee");
}

TEST_CASE("a writer that has failed stays silent, even for what would fit") {
  Octets room(2, 0xee);
  Writer writer(room);
  writer.u32(1).u8(2);
  CHECK_FALSE(writer.ok());
  CHECK(to_hex(room) == "eeee");
}

TEST_CASE("RFC 1071 §3: the example sums to ddf2") {
  const Octets octets = from_hex("0001 f203 f4f5 f6f7");
  CHECK(Checksum().add(octets).value() == static_cast<std::uint16_t>(~0xddf2));
}

TEST_CASE("a checksum written into its field makes the whole good") {
  Octets octets = from_hex("4500 0040 0001 0000 ff70 0000 c0000201 e0000012");
  Writer(std::span(octets).subspan(10, 2)).u16(Checksum().add(octets).value());
  CHECK(Checksum().add(octets).good());
  octets[3] ^= 0x01;
  CHECK_FALSE(Checksum().add(octets).good());
}

TEST_CASE("a sum carried on equals the sum of the whole, odd end included") {
  const Octets octets = from_hex("fffe fdfc 0102 03");
  const Checksum head = Checksum().add(std::span(octets).first(4));
  const Checksum tail = Checksum().add(std::span(octets).subspan(4));
  CHECK(Checksum(head).add(tail).value() == Checksum().add(octets).value());
  CHECK(Checksum().add(octets).value() == Checksum().add(from_hex("fffe fdfc 0102 0300")).value());
}

TEST_CASE("a pseudo header is the addresses, the length and the protocol") {
  const auto ipv4 = pseudo_header(ip("192.0.2.1"), ip("224.0.0.18"), 12, 112);
  CHECK(ipv4.value() == Checksum().add(from_hex("c0000201 e0000012 00 70 000c")).value());
  const auto ipv6 = pseudo_header(ip("fe80::1"), ip("ff02::12"), 0x10024, 112);
  const Octets octets = from_hex(
      "fe800000000000000000000000000001 ff020000000000000000000000000012 00010024 000000 70");
  CHECK(ipv6.value() == Checksum().add(octets).value());
}

}  // namespace holdfast::test
