// rtnetlink messages as bytes: a builder that puts many into one buffer, and bounds-checked walks
// over what the kernel sent. Everything is copied in and out with memcpy: no alignment is assumed.
#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace holdfast {

using Bytes = std::span<const std::uint8_t>;

// RFC 3549 §2.3.2: messages and attributes begin at multiples of four.
inline constexpr std::size_t netlink_align(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// A short or oversized value gives nothing; a longer one is a newer kernel's and is cut.
template <typename T>
std::optional<T> netlink_value(Bytes bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

// Room is allocated once. A message that does not fit sets overflowed() and leaves the rest alone.
class NetlinkBatch {
 public:
  explicit NetlinkBatch(std::size_t capacity) : room_(capacity) {}

  void clear() { used_ = start_ = 0, overflowed_ = false; }
  [[nodiscard]] Bytes bytes() const { return {room_.data(), used_}; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

  template <typename Body>
  void begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, const Body& body) {
    start_ = used_;
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = flags;
    header.nlmsg_seq = sequence;
    put(&header, sizeof header);
    put(&body, sizeof body);
  }

  void attribute(std::uint16_t type, const void* value, std::size_t size) {
    nlattr header{};
    header.nla_type = type;
    header.nla_len = static_cast<std::uint16_t>(sizeof header + size);
    put(&header, sizeof header);
    put(value, size);
  }
  void attribute(std::uint16_t type, Bytes value) { attribute(type, value.data(), value.size()); }
  template <typename T>
  requires std::is_trivially_copyable_v<T> &&
      (!std::is_convertible_v<const T&, Bytes>)void attribute(std::uint16_t type, const T& value) {
    attribute(type, &value, sizeof value);
  }

  // Closes the message that begin() opened by writing its length.
  void end() {
    if (overflowed_) return;
    const auto length = static_cast<std::uint32_t>(used_ - start_);
    std::memcpy(room_.data() + start_, &length, sizeof length);
  }

 private:
  void put(const void* value, std::size_t size) {
    const std::size_t padded = netlink_align(size);
    if (overflowed_ || padded > room_.size() - used_) {
      overflowed_ = true;
      return;
    }
    if (size > 0) std::memcpy(room_.data() + used_, value, size);
    std::memset(room_.data() + used_ + size, 0, padded - size);
    used_ += padded;
  }

  std::vector<std::uint8_t> room_;
  std::size_t used_ = 0;
  std::size_t start_ = 0;
  bool overflowed_ = false;
};

struct NetlinkMessage {
  nlmsghdr header{};
  Bytes body;
};

struct NetlinkAttribute {
  std::uint16_t type = 0;
  Bytes value;
};

// Ends at the first malformed length: what lies behind it has no meaning.
class MessageWalk {
 public:
  explicit MessageWalk(Bytes bytes) : rest_(bytes) {}

  std::optional<NetlinkMessage> next() {
    const auto header = netlink_value<nlmsghdr>(rest_);
    if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > rest_.size()) {
      return std::nullopt;
    }
    const Bytes body = rest_.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr));
    rest_ = rest_.subspan(std::min(netlink_align(header->nlmsg_len), rest_.size()));
    return NetlinkMessage{*header, body};
  }

 private:
  Bytes rest_;
};

class AttributeWalk {
 public:
  // `fixed`: the size of the structure before the attributes.
  AttributeWalk(Bytes body, std::size_t fixed)
      : rest_(body.subspan(std::min(netlink_align(fixed), body.size()))) {}

  std::optional<NetlinkAttribute> next() {
    const auto header = netlink_value<nlattr>(rest_);
    if (!header || header->nla_len < sizeof(nlattr) || header->nla_len > rest_.size()) {
      return std::nullopt;
    }
    const auto type = static_cast<std::uint16_t>(header->nla_type & NLA_TYPE_MASK);
    const Bytes value = rest_.subspan(sizeof(nlattr), header->nla_len - sizeof(nlattr));
    rest_ = rest_.subspan(std::min(netlink_align(header->nla_len), rest_.size()));
    return NetlinkAttribute{type, value};
  }

 private:
  Bytes rest_;
};

}  // namespace holdfast
