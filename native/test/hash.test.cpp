// MD5, SHA-256 and HMAC against the vectors of RFC 1321, FIPS 180-4, RFC 2202 and RFC 4231.
#include "wire/hash.hpp"

#include <doctest/doctest.h>

#include "hex.hpp"
#include "wire/md5.hpp"
#include "wire/sha256.hpp"

namespace holdfast::test {

template <typename H>
std::string digest(std::string_view text) {
  return to_hex(H().add(from_text(text)).finish());
}

template <typename H>
std::string mac(const Octets& key, const Octets& data) {
  return to_hex(Hmac<H>(key).add(data).finish());
}

TEST_CASE("RFC 1321 A.5") {
  CHECK(digest<Md5>("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(digest<Md5>("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(digest<Md5>("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
  CHECK(digest<Md5>("1234567890123456789012345678901234567890"
                    "1234567890123456789012345678901234567890") ==
        "57edf4a22be3c955ac49da2e2107b67a");
}

TEST_CASE("FIPS 180-4: SHA-256") {
  CHECK(digest<Sha256>("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest<Sha256>("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest<Sha256>("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest<Sha256>(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("RFC 2202 §2: HMAC-MD5") {
  CHECK(mac<Md5>(Octets(16, 0x0b), from_text("Hi There")) == "9294727a3638bb1c13f48ef8158bfc9d");
  CHECK(mac<Md5>(from_text("Jefe"), from_text("what do ya want for nothing?")) ==
        "750c783e6ab0b503eaa86e310a5db738");
  CHECK(mac<Md5>(Octets(80, 0xaa),
                 from_text("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
}

TEST_CASE("RFC 4231 §4: HMAC-SHA-256") {
  CHECK(mac<Sha256>(Octets(20, 0x0b), from_text("Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac<Sha256>(Octets(131, 0xaa),
                    from_text("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("fed in pieces of any length, a hash is the same") {
  Octets octets(200);
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(i * 7);
  const std::span<const std::uint8_t> whole(octets);
  for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
    CAPTURE(cut);
    CHECK(Sha256().add(whole.first(cut)).add(whole.subspan(cut)).finish() ==
          Sha256().add(whole).finish());
    CHECK(Md5().add(whole.first(cut)).zeros(3).finish() ==
          Md5().add(whole.first(cut)).add(Octets(3, 0)).finish());
  }
}

TEST_CASE("secrets are the same or not") {
  CHECK(same_secret(from_hex("0102"), from_hex("0102")));
  CHECK_FALSE(same_secret(from_hex("0102"), from_hex("0103")));
  CHECK_FALSE(same_secret(from_hex("0102"), from_hex("010200")));
}

}  // namespace holdfast::test
