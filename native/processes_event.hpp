// The messages of the kernel's process connector: octets to a struct, and the request to listen.
// The layouts are written down here, since the kernel's header has changed its names. No socket.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/netlink_message.hpp"

namespace holdfast {

namespace connector {

inline constexpr std::uint32_t kIndexProc = 1;  // CN_IDX_PROC; the multicast group, too
inline constexpr std::uint32_t kValueProc = 1;  // CN_VAL_PROC

// struct cn_msg
struct Head {
  std::uint32_t index = kIndexProc;
  std::uint32_t value = kValueProc;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledges = 0;
  std::uint16_t length = 0;
  std::uint16_t flags = 0;
};

enum What : std::uint32_t {
  kAnswer = 0,
  kFork = 0x1,
  kExec = 0x2,
  kComm = 0x200,
};

// struct proc_event, up to its union; the kernel aligns it to the four octets before.
struct EventHead {
  std::uint32_t what = 0;
  std::uint32_t cpu = 0;
  std::array<std::uint32_t, 2> nanoseconds{};
};

struct Fork {
  pid_t parent_thread = 0;
  pid_t parent = 0;
  pid_t child_thread = 0;
  pid_t child = 0;
};

struct Exec {
  pid_t thread = 0;
  pid_t process = 0;
};

struct Comm {
  pid_t thread = 0;
  pid_t process = 0;
  std::array<char, 16> name{};
};

// What is sent: one message, one request.
struct Request {
  nlmsghdr message{};
  Head head;
  std::uint32_t operation = 0;
};

// From the beginning of a netlink message, for a filter in the kernel.
inline constexpr std::uint32_t kWhatOffset = sizeof(nlmsghdr) + sizeof(Head);
inline constexpr std::uint32_t kBodyOffset = kWhatOffset + sizeof(EventHead);
static_assert(kWhatOffset == 36 && kBodyOffset == 52 && sizeof(Request) == 40);

}  // namespace connector

struct ProcessEvent {
  enum class Kind : std::uint8_t { Answer, Fork, Exec, Comm };
  Kind kind = Kind::Answer;
  // Answer: to the request of this number, with its errno.
  std::uint32_t request = 0;
  int error = 0;
  // Fork: the child. Otherwise the process that it happened to.
  pid_t pid = 0;
  // Fork: which thread of which process made the child.
  pid_t parent = 0;
  pid_t parent_thread = 0;
  // Comm: the new name, filled up with NULs.
  std::array<char, 16> name{};

  [[nodiscard]] std::string_view new_name() const {
    const std::string_view all(name.data(), name.size());
    return all.substr(0, all.find('\0'));
  }
};

// Nothing for other kinds, for what happens to a mere thread, and for what is no such message.
std::optional<ProcessEvent> parse_process_event(const NetlinkMessage& message);

// Asks for events, or for no more of them; the answer names `number`.
connector::Request process_request(bool listen, std::uint32_t number);

}  // namespace holdfast
