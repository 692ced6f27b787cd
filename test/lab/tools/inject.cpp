// Puts frames on a wire exactly as given: reads lines "ifname hexframe [count] [per-second]" from
// standard input, sends each frame that often at that pace (0: as fast as it goes) through a packet
// socket, and answers each line with "sent N" or "error WHAT". A tool of the lab, no part of the
// product; it checks nothing, for its purpose is to send what is wrong.
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <map>
#include <net/if.h>
#include <optional>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Frame = std::vector<std::uint8_t>;
using Clock = std::chrono::steady_clock;

std::optional<int> nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<Frame> parse_hex(const std::string& text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Frame frame;
  frame.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = nibble(text[i]);
    const auto low = nibble(text[i + 1]);
    if (!high || !low) return std::nullopt;
    frame.push_back(static_cast<std::uint8_t>(*high * 16 + *low));
  }
  return frame;
}

// One socket per interface for the life of the tool; -1 with errno set when there is none.
int socket_for(const std::string& name) {
  static std::map<std::string, int> sockets;
  if (const auto known = sockets.find(name); known != sockets.end()) return known->second;
  const unsigned index = if_nametoindex(name.c_str());
  if (index == 0) return -1;
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = 0;  // receive nothing
  address.sll_ifindex = static_cast<int>(index);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  sockets.emplace(name, fd);
  return fd;
}

// Returns how many went out; stops at the first error that waiting cannot cure.
std::uint64_t send_paced(int fd, const Frame& frame, std::uint64_t count, double per_second) {
  const auto start = Clock::now();
  for (std::uint64_t sent = 0; sent < count; ++sent) {
    if (per_second > 0) {
      const std::chrono::duration<double> due(static_cast<double>(sent) / per_second);
      std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
    }
    while (send(fd, frame.data(), frame.size(), 0) < 0) {
      if (errno == EINTR) continue;
      if (errno != ENOBUFS) return sent;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
  return count;
}

std::string answer(const std::string& line) {
  std::istringstream words(line);
  std::string name;
  std::string hex;
  std::uint64_t count = 1;
  double per_second = 0;
  if (!(words >> name >> hex)) return "error expected: ifname hexframe [count] [per-second]";
  words >> count >> per_second;
  const auto frame = parse_hex(hex);
  if (!frame || frame->size() < ETH_HLEN) return "error not a frame in hexadecimal";
  const int fd = socket_for(name);
  if (fd < 0) return "error " + name + ": " + std::strerror(errno);
  const auto sent = send_paced(fd, *frame, count, per_second);
  if (sent < count) return "error after " + std::to_string(sent) + ": " + std::strerror(errno);
  return "sent " + std::to_string(sent);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << answer(line) << std::endl;
  return 0;
}
