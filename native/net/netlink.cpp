#include "net/netlink.hpp"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "net/socket_option.hpp"

namespace holdfast {
namespace {

// header + ifaddrmsg + two addresses, broadcast, label, lifetime and flags come to 132 octets.
constexpr std::size_t kMessageMax = 160;
// The kernel fills dump replies up to 32 KiB; one notification is far smaller.
constexpr std::size_t kInboxSize = 64 * 1024;
constexpr int kRequestBuffer = 1 << 20;
// Holds a burst of thousands of foreign address changes while this thread sends adverts.
constexpr int kMonitorBuffer = 8 << 20;
constexpr int kDumpAttemptsMax = 8;
constexpr int kReplyWaitMilliseconds = 2000;
constexpr std::uint32_t kForever = 0xffffffff;

Result<UniqueFd> open_socket(std::uint32_t groups, int buffer) {
  UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd) return last_error("socket NETLINK_ROUTE");
  if (auto done = set_receive_buffer(fd.get(), buffer); !done) return done.error();
  // Without the cap each error echoes its request, and a batch of errors overflows the buffer.
  if (auto done = set_option(fd.get(), SOL_NETLINK, NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK"); !done) {
    return done.error();
  }
  // Reasons in words are a luxury of newer kernels.
  (void)set_option(fd.get(), SOL_NETLINK, NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK");
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  self.nl_groups = groups;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0) {
    return last_error("bind NETLINK_ROUTE");
  }
  return fd;
}

std::uint32_t address_flags(const HeldAddress& address) {
  std::uint32_t flags = 0;
  if (address.no_prefix_route) flags |= IFA_F_NOPREFIXROUTE;
  // Duplicate address detection would keep a VIP unusable for a second and more.
  if (address.address.family == 6 && !address.dad) flags |= IFA_F_NODAD;
  return flags;
}

ifa_cacheinfo lifetime(const HeldAddress& address, std::uint32_t valid_seconds) {
  ifa_cacheinfo life{};
  life.ifa_valid = valid_seconds == 0 ? kForever : valid_seconds;
  // keepalived-compatible: an IPv6 /128 is deprecated from birth, so that the host itself does not
  // choose a VIP as the source of its own connections.
  const bool deprecated = address.address.family == 6 && address.prefix == 128;
  const std::uint32_t wanted = address.preferred_seconds.value_or(deprecated ? 0 : kForever);
  // The kernel refuses a preferred lifetime beyond the valid one.
  life.ifa_prefered = std::min(wanted, life.ifa_valid);
  return life;
}

// What the kernel answers when there is nothing to remove: no address, no device, no IPv6 on it.
bool means_absent(int code) { return code == EADDRNOTAVAIL || code == ENODEV || code == ENXIO; }

// The reason in words follows the error; behind the whole request where it was not capped.
std::string reason_of(const NetlinkMessage& message, const nlmsgerr& error) {
  if ((message.header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return {};
  std::size_t fixed = sizeof(nlmsgerr);
  if ((message.header.nlmsg_flags & NLM_F_CAPPED) == 0 && error.msg.nlmsg_len > sizeof(nlmsghdr)) {
    fixed += error.msg.nlmsg_len - sizeof(nlmsghdr);
  }
  AttributeWalk attributes(message.body, fixed);
  while (const auto attribute = attributes.next()) {
    if (attribute->type != NLMSGERR_ATTR_MSG) continue;
    const auto* begin = reinterpret_cast<const char*>(attribute->value.data());
    return {begin, strnlen(begin, attribute->value.size())};
  }
  return {};
}

}  // namespace

Netlink::Netlink(UniqueFd request, UniqueFd monitor)
    : request_(std::move(request)),
      monitor_(std::move(monitor)),
      batch_(kBatchMax * kMessageMax),
      inbox_(kInboxSize) {}

Result<Netlink> Netlink::open() {
  constexpr std::uint32_t kGroups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  auto request = open_socket(0, kRequestBuffer);
  if (!request) return request.error();
  auto monitor = open_socket(kGroups, kMonitorBuffer);
  if (!monitor) return monitor.error();
  return Netlink(std::move(*request), std::move(*monitor));
}

Status Netlink::read_monitor(NetlinkSink& sink) {
  bool lost = false;
  while (true) {
    const auto datagram = receive(monitor_.get());
    if (!datagram) {
      if (datagram.error().code != ENOBUFS) return datagram.error();
      lost = true;
      continue;
    }
    if (datagram->empty()) break;
    // After a loss, "added" may stand in the queue while its "removed" is gone.
    if (lost) continue;
    MessageWalk messages(*datagram);
    while (const auto message = messages.next()) deliver(*message, sink);
  }
  if (lost) return Error{"netlink monitor", ENOBUFS};
  return Done{};
}

Status Netlink::dump(NetlinkSink& sink) {
  for (const std::uint16_t type : {RTM_GETLINK, RTM_GETADDR}) {
    bool whole = false;
    for (int attempt = 0; !whole; ++attempt) {
      if (attempt == kDumpAttemptsMax) return Error{"netlink dump kept changing", EAGAIN};
      const auto result = dump_table(type, sink);
      if (!result) return result.error();
      whole = *result;
    }
  }
  return Done{};
}

// False: the table changed while it was read (NLM_F_DUMP_INTR), and objects may be missing.
Result<bool> Netlink::dump_table(std::uint16_t type, NetlinkSink& sink) {
  const std::uint32_t sequence = ++sequence_;
  batch_.clear();
  batch_.begin(type, NLM_F_REQUEST | NLM_F_DUMP, sequence, ifinfomsg{});
  if (type == RTM_GETLINK) {
    batch_.attribute(IFLA_EXT_MASK, static_cast<std::uint32_t>(RTEXT_FILTER_SKIP_STATS));
  }
  batch_.end();
  if (auto sent = send_batch(); !sent) return sent.error();
  bool whole = true;
  while (true) {
    if (auto ready = wait_for_reply(); !ready) return ready.error();
    const auto datagram = receive(request_.get());
    if (!datagram) return datagram.error();
    MessageWalk messages(*datagram);
    while (const auto message = messages.next()) {
      if (message->header.nlmsg_seq != sequence) continue;
      if ((message->header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) whole = false;
      const std::uint16_t kind = message->header.nlmsg_type;
      if (kind == NLMSG_ERROR || kind == NLMSG_DONE) {
        // Both begin with a negative errno, or zero.
        const auto code = netlink_value<std::int32_t>(message->body).value_or(0);
        if (code < 0) return Error{"netlink dump", -code};
        return whole;
      }
      deliver(*message, sink);
    }
  }
}

Status Netlink::apply(std::span<const AddressChange> changes, std::vector<AddressError>& errors) {
  if (changes.empty()) return Done{};
  if (changes.size() > kBatchMax) return Error{"address batch", EMSGSIZE};
  batch_.clear();
  const std::uint32_t first = sequence_ + 1;
  for (const AddressChange& change : changes) put_change(change, ++sequence_);
  if (batch_.overflowed()) return Error{"address batch", EMSGSIZE};
  if (auto sent = send_batch(); !sent) return sent;
  // rtnetlink works inside sendmsg: every error is in the queue by now.
  return collect_errors(changes, first, errors);
}

void Netlink::put_change(const AddressChange& change, std::uint32_t sequence) {
  const HeldAddress& held = *change.address;
  const bool adds = change.op == AddressChange::Op::Add;
  const bool ipv4 = held.address.family == 4;
  ifaddrmsg body{};
  body.ifa_family = ipv4 ? AF_INET : AF_INET6;
  body.ifa_prefixlen = held.prefix;
  body.ifa_scope = held.scope;
  body.ifa_index = change.index;
  // REPLACE makes a refresh of an existing address. No NLM_F_ACK: only errors are answered.
  const std::uint16_t flags = adds ? NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE : NLM_F_REQUEST;
  batch_.begin(adds ? RTM_NEWADDR : RTM_DELADDR, flags, sequence, body);
  batch_.attribute(IFA_LOCAL, held.address.bytes());
  batch_.attribute(IFA_ADDRESS, held.peer ? held.peer->bytes() : held.address.bytes());
  if (adds) {
    const std::uint32_t flag_bits = address_flags(held);
    if (flag_bits != 0) batch_.attribute(IFA_FLAGS, flag_bits);
    batch_.attribute(IFA_CACHEINFO, lifetime(held, change.valid_seconds));
    if (ipv4 && held.broadcast) batch_.attribute(IFA_BROADCAST, held.broadcast->bytes());
    if (ipv4 && !held.label.empty()) {
      // At most IFNAMSIZ without a NUL: the kernel refuses that length by itself.
      const std::size_t size = std::min<std::size_t>(held.label.size(), IFNAMSIZ);
      batch_.attribute(IFA_LABEL, held.label.c_str(), size < IFNAMSIZ ? size + 1 : size);
    }
  }
  batch_.end();
}

Status Netlink::send_batch() {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const Bytes bytes = batch_.bytes();
  ssize_t sent = 0;
  do {
    sent = sendto(request_.get(), bytes.data(), bytes.size(), 0,
                  reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return last_error("sendto NETLINK_ROUTE");
  return Done{};
}

Status Netlink::collect_errors(std::span<const AddressChange> changes, std::uint32_t first,
                               std::vector<AddressError>& errors) {
  while (true) {
    const auto datagram = receive(request_.get());
    if (!datagram) return datagram.error();
    if (datagram->empty()) return Done{};
    MessageWalk messages(*datagram);
    while (const auto message = messages.next()) {
      if (message->header.nlmsg_type != NLMSG_ERROR) continue;
      const auto error = netlink_value<nlmsgerr>(message->body);
      const std::uint32_t position = message->header.nlmsg_seq - first;
      if (!error || error->error == 0 || position >= changes.size()) continue;
      const AddressChange& change = changes[position];
      const int code = -error->error;
      if (change.op == AddressChange::Op::Remove && means_absent(code)) continue;
      errors.push_back({change.cookie, code, reason_of(*message, *error)});
    }
  }
}

// One datagram of the kernel's own, valid until the next call; empty when there is none.
Result<Bytes> Netlink::receive(int fd) {
  while (true) {
    sockaddr_nl from{};
    iovec part{inbox_.data(), inbox_.size()};
    msghdr header{};
    header.msg_name = &from;
    header.msg_namelen = sizeof from;
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    const ssize_t got = recvmsg(fd, &header, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return Bytes{};
      return last_error("recvmsg NETLINK_ROUTE");
    }
    // A cut datagram is a loss like any other.
    if ((header.msg_flags & MSG_TRUNC) != 0) return Error{"recvmsg NETLINK_ROUTE", ENOBUFS};
    // Another process may write to our port; only the kernel's word counts.
    if (got == 0 || from.nl_pid != 0) continue;
    return Bytes{inbox_.data(), static_cast<std::size_t>(got)};
  }
}

Status Netlink::wait_for_reply() const {
  pollfd wanted{request_.get(), POLLIN, 0};
  int ready = 0;
  do ready = poll(&wanted, 1, kReplyWaitMilliseconds);
  while (ready < 0 && errno == EINTR);
  if (ready < 0) return last_error("poll NETLINK_ROUTE");
  if (ready == 0) return Error{"netlink dump", ETIMEDOUT};
  return Done{};
}

}  // namespace holdfast
