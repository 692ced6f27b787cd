#include "processes_connector.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>

#include "net/socket_option.hpp"

namespace holdfast {

namespace {

constexpr std::size_t kSlots = 32;
constexpr std::size_t kSlotSize = 256;
constexpr int kAttemptsMax = 3;
constexpr std::uint32_t kWhole = 0xffffffff;

// A filter loads in network order what the kernel wrote in the order of the host.
constexpr std::uint32_t seen(std::uint32_t value) {
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(value) : value;
}

constexpr std::uint32_t word(std::uint32_t number) { return connector::kBodyOffset + number * 4; }

// Births, programs and names of processes: where thread and process are one number. Deaths (a pidfd
// tells them), threads and all the rest cost this thread neither a wake nor a place in the queue.
constexpr sock_filter kBirthsAndNames[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, connector::kWhatOffset),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, seen(connector::kAnswer), 11, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, seen(connector::kExec), 10, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, seen(connector::kFork), 0, 4),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word(2)),
    BPF_STMT(BPF_MISC | BPF_TAX, 0),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word(3)),
    BPF_JUMP(BPF_JMP | BPF_JA, 4, 0, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, seen(connector::kComm), 0, 5),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word(0)),
    BPF_STMT(BPF_MISC | BPF_TAX, 0),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word(1)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, kWhole),
    BPF_STMT(BPF_RET | BPF_K, 0),
};

Error explain(Error error) {
  switch (error.code) {
    case ECONNREFUSED:
    case EPROTONOSUPPORT:
      error.what += ": not in this network namespace, or not in this kernel";
      break;
    case EPERM:
      error.what += ": needs CAP_NET_ADMIN";
      break;
    case ETIMEDOUT:
      error.what += ": not in this PID or user namespace";
      break;
    default:
      break;
  }
  return error;
}

}  // namespace

// What recvmmsg points into; behind a pointer so that the connector can be moved.
struct ProcessConnector::Slots {
  std::array<std::array<std::uint8_t, kSlotSize>, kSlots> octets;
  std::array<iovec, kSlots> parts;
  std::array<sockaddr_nl, kSlots> senders;
  std::array<mmsghdr, kSlots> messages;

  void prepare() {
    for (std::size_t i = 0; i < kSlots; ++i) {
      parts[i] = {octets[i].data(), kSlotSize};
      messages[i] = {};
      messages[i].msg_hdr.msg_name = &senders[i];
      messages[i].msg_hdr.msg_namelen = sizeof senders[i];
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

ProcessConnector::ProcessConnector(UniqueFd fd)
    : fd_(std::move(fd)), slots_(std::make_unique<Slots>()) {}

ProcessConnector::ProcessConnector(ProcessConnector&&) noexcept = default;

ProcessConnector::~ProcessConnector() {
  // Older kernels count listeners, and an absent one would cost every fork a message for ever.
  if (fd_) (void)request(false, 0);
}

Result<ProcessConnector> ProcessConnector::open(int receive_buffer) {
  UniqueFd fd(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR));
  if (!fd) return explain(last_error("the kernel's process events"));
  if (auto done = attach_filter(fd.get(), kBirthsAndNames); !done) return done.error();
  if (auto done = set_receive_buffer(fd.get(), receive_buffer); !done) return done.error();
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  self.nl_groups = connector::kIndexProc;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0) {
    return explain(last_error("the kernel's process events"));
  }
  ProcessConnector opened(std::move(fd));
  // Others may listen and be answered on this host, each in the hearing of all.
  const auto number =
      static_cast<std::uint32_t>(getpid()) << 8 | static_cast<std::uint8_t>(opened.fd());
  Status done = Error{"the kernel's process events", ENOBUFS};
  // A loss may have taken the answer along.
  for (int i = 0; i < kAttemptsMax && !done && done.error().code == ENOBUFS; ++i) {
    done = opened.request(true, number);
    if (done) done = opened.await_answer(number);
  }
  if (!done) return explain(done.error());
  return opened;
}

Status ProcessConnector::request(bool listen, std::uint32_t number) const {
  const connector::Request request = process_request(listen, number);
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = sendto(fd_.get(), &request, sizeof request, 0,
                  reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return last_error("the kernel's process events");
  return Done{};
}

Status ProcessConnector::await_answer(std::uint32_t number) {
  std::optional<int> answer;
  Heard heard;
  bool lost = false;
  while (!answer && !heard.all) {
    Result<Heard> read = this->read([&](const ProcessEvent& event) {
      if (event.kind == ProcessEvent::Kind::Answer && event.request == number) {
        answer = event.error;
      }
    });
    if (!read) return read.error();
    heard = *read;
    lost = lost || heard.lost;
  }
  if (answer == 0) return Done{};
  const int code = answer ? *answer : lost ? ENOBUFS : ETIMEDOUT;
  return Error{"the kernel's process events", code};
}

Result<ProcessConnector::Heard> ProcessConnector::read(
    const std::function<void(const ProcessEvent&)>& heard) {
  Heard sum;
  for (int round = 0; round < kRoundsMax; ++round) {
    slots_->prepare();
    const int count = recvmmsg(fd_.get(), slots_->messages.data(), kSlots, MSG_DONTWAIT, nullptr);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        sum.all = true;
        return sum;
      }
      if (errno != ENOBUFS) return last_error("the kernel's process events");
      sum.lost = true;
      continue;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      // Another process may write to our port; only the kernel's word counts.
      if (slots_->senders[i].nl_pid != 0) continue;
      MessageWalk walk(Bytes{slots_->octets[i].data(), slots_->messages[i].msg_len});
      while (const auto message = walk.next()) {
        if (const auto event = parse_process_event(*message)) heard(*event);
      }
    }
  }
  return sum;
}

}  // namespace holdfast
