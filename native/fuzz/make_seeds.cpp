// Writes the fuzzer's seeds: every golden advert as a whole IP packet, one file each.
//   make_seeds native/fuzz/seeds
#include <cstdio>
#include <memory>
#include <string>

#include "vectors.hpp"
#include "wire/ip_header.hpp"

int main(int argc, char** argv) {
  using namespace holdfast;
  using namespace holdfast::test;
  if (argc != 2) return 2;
  for (const Golden& golden : kGolden) {
    const std::uint8_t protocol = golden.wrap == Wrap::Ah ? kProtocolAh : kProtocolVrrp;
    const Octets packet =
        ip_packet({ip(golden.source), ip(golden.destination), golden.ttl, 1, protocol},
                  from_hex(golden.octets));
    const std::string path = std::string(argv[1]) + "/" + std::string(golden.name) + ".bin";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"),
                                                               std::fclose);
    if (!file || std::fwrite(packet.data(), 1, packet.size(), file.get()) != packet.size()) {
      std::perror(path.c_str());
      return 1;
    }
  }
  return 0;
}
