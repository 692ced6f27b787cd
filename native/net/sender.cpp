#include "net/sender.hpp"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "net/socket_address.hpp"
#include "net/socket_option.hpp"

namespace holdfast {
namespace {

// Room for a whole takeover's burst: 250 addresses × 5 announcements, ≈ 800 octets each.
constexpr int kSendBuffer = 4 << 20;
// TC_PRIO_CONTROL: the first band of pfifo_fast and of most prio qdiscs.
constexpr int kPriority = 7;
constexpr std::size_t kIpv4SourceAt = 12;
constexpr std::size_t kIpv4HeaderMin = 20;

Status prepare(int fd) {
  if (auto done = set_send_buffer(fd, kSendBuffer); !done) return done;
  if (auto done = set_option(fd, SOL_SOCKET, SO_PRIORITY, kPriority, "SO_PRIORITY"); !done) {
    return done;
  }
  return reject_all(fd);
}

}  // namespace

MacAddress multicast_mac(const IpAddress& group) {
  const auto& octets = group.octets;
  if (group.family == 6) return {0x33, 0x33, octets[12], octets[13], octets[14], octets[15]};
  return {0x01, 0x00, 0x5e, static_cast<std::uint8_t>(octets[1] & 0x7f), octets[2], octets[3]};
}

// What sendmmsg points into; behind a pointer so that a sender can be moved.
struct Sender::Slots {
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
  };

  std::array<mmsghdr, kBatchMax> headers{};
  std::array<iovec, kBatchMax> parts{};
  std::array<sockaddr_ll, kBatchMax> links{};
  std::array<SocketAddress, kBatchMax> addresses{};
  std::array<Control, kBatchMax> controls{};

  void aim(std::size_t slot, std::span<const std::uint8_t> data, void* name, socklen_t size) {
    parts[slot] = {const_cast<std::uint8_t*>(data.data()), data.size()};  // only read from
    msghdr& header = headers[slot].msg_hdr;
    header = {};
    header.msg_name = name;
    header.msg_namelen = size;
    header.msg_iov = &parts[slot];
    header.msg_iovlen = 1;
  }

  void put(std::size_t slot, const Frame& frame) {
    sockaddr_ll& link = links[slot];
    link = {};
    link.sll_family = AF_PACKET;
    link.sll_protocol = htons(frame.ethertype);
    link.sll_ifindex = static_cast<int>(frame.index);
    link.sll_halen = static_cast<unsigned char>(frame.destination.size());
    std::copy(frame.destination.begin(), frame.destination.end(), link.sll_addr);
    aim(slot, frame.payload, &link, sizeof link);
  }

  void put(std::size_t slot, const Datagram& datagram) {
    SocketAddress& address = addresses[slot];
    address = socket_address(datagram.destination);
    aim(slot, datagram.packet, &address.storage, address.size);
    if (datagram.destination.family == 6) {
      in6_pktinfo info{};
      info.ipi6_ifindex = datagram.index;
      attach(slot, IPPROTO_IPV6, IPV6_PKTINFO, info);
      return;
    }
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(datagram.index);
    // The source in the header is not seen by the route lookup; source routing rules need it.
    if (datagram.packet.size() >= kIpv4HeaderMin) {
      std::memcpy(&info.ipi_spec_dst, datagram.packet.data() + kIpv4SourceAt,
                  sizeof info.ipi_spec_dst);
    }
    attach(slot, IPPROTO_IP, IP_PKTINFO, info);
  }

  template <typename T>
  void attach(std::size_t slot, int level, int type, const T& info) {
    static_assert(CMSG_SPACE(sizeof(T)) <= sizeof(Control));
    msghdr& header = headers[slot].msg_hdr;
    header.msg_control = controls[slot].bytes.data();
    header.msg_controllen = CMSG_SPACE(sizeof(T));
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = level;
    part->cmsg_type = type;
    part->cmsg_len = CMSG_LEN(sizeof(T));
    std::memcpy(CMSG_DATA(part), &info, sizeof info);
  }
};

Sender::Sender(UniqueFd link, UniqueFd ipv4, UniqueFd ipv6, std::unique_ptr<Slots> slots)
    : link_(std::move(link)),
      ipv4_(std::move(ipv4)),
      ipv6_(std::move(ipv6)),
      slots_(std::move(slots)) {}
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;

Result<Sender> Sender::open() {
  constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;
  // Protocol 0: it sends any ethertype and receives none.
  UniqueFd link(socket(AF_PACKET, SOCK_DGRAM | kFlags, 0));
  if (!link) return last_error("socket AF_PACKET");
  if (auto done = prepare(link.get()); !done) return done.error();
  // IPPROTO_RAW: the caller's IP header is used, in both families.
  UniqueFd ipv4(socket(AF_INET, SOCK_RAW | kFlags, IPPROTO_RAW));
  if (!ipv4) return last_error("socket AF_INET IPPROTO_RAW");
  if (auto done = prepare(ipv4.get()); !done) return done.error();
  UniqueFd ipv6(socket(AF_INET6, SOCK_RAW | kFlags, IPPROTO_RAW));
  if (!ipv6 && errno != EAFNOSUPPORT) return last_error("socket AF_INET6 IPPROTO_RAW");
  if (ipv6) {
    if (auto done = prepare(ipv6.get()); !done) return done.error();
  }
  return Sender(std::move(link), std::move(ipv4), std::move(ipv6), std::make_unique<Slots>());
}

std::size_t Sender::send(std::span<const Frame> frames, std::vector<SendError>& errors) {
  std::size_t sent = 0;
  for (std::size_t first = 0; first < frames.size(); first += kBatchMax) {
    const std::size_t count = std::min(kBatchMax, frames.size() - first);
    for (std::size_t slot = 0; slot < count; ++slot) slots_->put(slot, frames[first + slot]);
    sent += flush(link_.get(), count, first, errors);
  }
  return sent;
}

std::size_t Sender::send_unicast(std::span<const Datagram> datagrams,
                                 std::vector<SendError>& errors) {
  std::size_t sent = 0;
  for (std::size_t first = 0; first < datagrams.size();) {
    const std::uint8_t family = datagrams[first].destination.family;
    std::size_t count = 0;
    while (count < kBatchMax && first + count < datagrams.size() &&
           datagrams[first + count].destination.family == family) {
      slots_->put(count, datagrams[first + count]);
      ++count;
    }
    sent += flush(family == 6 ? ipv6_.get() : ipv4_.get(), count, first, errors);
    first += count;
  }
  return sent;
}

std::size_t Sender::flush(int fd, std::size_t count, std::size_t first,
                          std::vector<SendError>& errors) {
  std::size_t sent = 0;
  for (std::size_t slot = 0; slot < count;) {
    const int done =
        sendmmsg(fd, slots_->headers.data() + slot, static_cast<unsigned>(count - slot), 0);
    if (done > 0) {
      // Fewer than asked for: the next call begins with the one that failed and says why.
      slot += static_cast<std::size_t>(done);
      sent += static_cast<std::size_t>(done);
      continue;
    }
    if (done < 0 && errno == EINTR) continue;
    errors.push_back({first + slot, errno});
    ++slot;
  }
  return sent;
}

}  // namespace holdfast
