#include "net/advert_socket.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "net/clock.hpp"
#include "net/socket_option.hpp"

namespace holdfast {
namespace {

// The kernel doubles it: some 10 000 small packets, 0.4 s of 10 ms adverts from 255 instances.
constexpr int kReceiveBuffer = 4 << 20;
constexpr std::uint32_t kProtocolVrrp = 112;
constexpr std::uint32_t kPacketType = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
constexpr std::uint32_t kWhole = 0xffffffff;

// Both programs begin with the packet type: beyond PACKET_MULTICAST lie frames for other hosts
// (seen when someone makes the interface promiscuous, or with a foreign VLAN tag) and our own.
constexpr sock_filter kIpv4Adverts[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kPacketType),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, PACKET_MULTICAST, 5, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),  // protocol
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kProtocolVrrp, 0, 3),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),  // flags and fragment offset
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x3fff, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, kWhole),
    BPF_STMT(BPF_RET | BPF_K, 0),
};
constexpr sock_filter kIpv6Adverts[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kPacketType),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, PACKET_MULTICAST, 3, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),  // next header
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kProtocolVrrp, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, kWhole),
    BPF_STMT(BPF_RET | BPF_K, 0),
};

Status prepare(int fd, std::uint8_t family) {
  const std::span<const sock_filter> program =
      family == 4 ? std::span<const sock_filter>(kIpv4Adverts) : kIpv6Adverts;
  if (auto done = attach_filter(fd, program); !done) return done;
  if (auto done = set_receive_buffer(fd, kReceiveBuffer); !done) return done;
  return set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS");
}

}  // namespace

// What recvmmsg points into; behind a pointer so that a receiver can be moved. The packets are not
// zeroed: pages of slots that no burst ever reached are never touched.
struct AdvertReceiver::Slots {
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))> bytes;
  };

  std::array<mmsghdr, kBatchMax> headers{};
  std::array<iovec, kBatchMax> parts{};
  std::array<Control, kBatchMax> controls{};
  std::unique_ptr<std::uint8_t[]> packets =
      std::make_unique_for_overwrite<std::uint8_t[]>(kBatchMax * kPacketMax);

  Slots() {
    for (std::size_t i = 0; i < kBatchMax; ++i) {
      parts[i] = {packets.get() + i * kPacketMax, kPacketMax};
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // The kernel overwrites the control length with what it used.
  void reset(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      headers[i].msg_hdr.msg_control = controls[i].bytes.data();
      headers[i].msg_hdr.msg_controllen = controls[i].bytes.size();
    }
  }
};

AdvertReceiver::AdvertReceiver(UniqueFd fd, std::unique_ptr<Slots> slots)
    : fd_(std::move(fd)), slots_(std::move(slots)) {}
AdvertReceiver::AdvertReceiver(AdvertReceiver&&) noexcept = default;
AdvertReceiver& AdvertReceiver::operator=(AdvertReceiver&&) noexcept = default;
AdvertReceiver::~AdvertReceiver() = default;

Result<AdvertReceiver> AdvertReceiver::open(std::uint32_t index, std::uint8_t family) {
  // Protocol 0 hears nothing until bind: no foreign packet slips in before the filter.
  UniqueFd fd(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return last_error("socket AF_PACKET");
  if (auto done = prepare(fd.get(), family); !done) return done.error();
  sockaddr_ll local{};
  local.sll_family = AF_PACKET;
  // A single ethertype, not ETH_P_ALL: outgoing packets are shown to the latter only.
  local.sll_protocol = htons(family == 4 ? ETH_P_IP : ETH_P_IPV6);
  local.sll_ifindex = static_cast<int>(index);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
    return last_error("bind AF_PACKET");
  }
  return AdvertReceiver(std::move(fd), std::make_unique<Slots>());
}

Result<std::size_t> AdvertReceiver::recv(std::span<Received> out) {
  const std::size_t wanted = std::min(out.size(), kBatchMax);
  if (wanted == 0) return std::size_t{0};
  slots_->reset(wanted);
  const Instant asked_at = monotonic_now();
  int got = 0;
  while (true) {
    got = recvmmsg(fd_.get(), slots_->headers.data(), static_cast<unsigned>(wanted), 0, nullptr);
    if (got >= 0) break;
    // ENETDOWN is told once when the interface goes down; netlink says it better.
    if (errno == EINTR || errno == ENETDOWN) continue;
    if (errno != EAGAIN) return last_error("recvmmsg AF_PACKET");
    got = 0;
    break;
  }
  const auto count = static_cast<std::size_t>(got);
  const std::int64_t now = clock_nanoseconds(CLOCK_MONOTONIC);
  const std::int64_t offset = now - clock_nanoseconds(CLOCK_REALTIME);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* start = static_cast<const std::uint8_t*>(slots_->parts[i].iov_base);
    out[i].packet = {start, slots_->headers[i].msg_len};
    out[i].arrived = arrival(i, now, offset);
  }
  if (count < wanted) drained_at_ = asked_at;
  return count;
}

// The kernel stamps in wall time. A step of that clock between arrival and reading would put the
// arrival into the future or hours into the past, and silence be judged on that: clamp both ends.
Instant AdvertReceiver::arrival(std::size_t position, std::int64_t now, std::int64_t offset) const {
  std::int64_t stamp = now;
  msghdr& header = slots_->headers[position].msg_hdr;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec wall{};
    std::memcpy(&wall, CMSG_DATA(part), sizeof wall);
    stamp = nanoseconds(wall) + offset;
  }
  const Instant arrived = std::min(stamp, now) / kNanosecondsPerMicrosecond;
  return std::max(arrived, drained_at_);
}

std::uint64_t AdvertReceiver::dropped() {
  tpacket_stats counters{};
  socklen_t size = sizeof counters;
  // Reading resets the kernel's counter.
  if (getsockopt(fd_.get(), SOL_PACKET, PACKET_STATISTICS, &counters, &size) == 0) {
    dropped_ += counters.tp_drops;
  }
  return dropped_;
}

}  // namespace holdfast
