// Messages of the process connector: captured ones, made ones, and damaged ones.
#include "processes_event.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "hex.hpp"
#include "processes_life.hpp"

namespace holdfast::test {

using Kind = ProcessEvent::Kind;

template <typename Body>
std::vector<std::uint8_t> event_octets(std::uint32_t what, const Body& body) {
  connector::Head head;
  connector::EventHead event;
  event.what = what;
  head.length = sizeof event + sizeof body;
  nlmsghdr message{};
  message.nlmsg_type = NLMSG_DONE;
  message.nlmsg_len =
      static_cast<std::uint32_t>(sizeof message + sizeof head + sizeof event + sizeof body);
  std::vector<std::uint8_t> octets;
  const auto put = [&](const auto& part) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&part);
    octets.insert(octets.end(), begin, begin + sizeof part);
  };
  put(message);
  put(head);
  put(event);
  put(body);
  return octets;
}

std::optional<ProcessEvent> read_event(Bytes octets) {
  MessageWalk walk(octets);
  const auto message = walk.next();
  return message ? parse_process_event(*message) : std::nullopt;
}

TEST_CASE("the answer to a request, as the kernel sent it") {
  // Captured on Linux 6.18 in answer to request 0.
  const auto octets = from_hex(
      "4c00000003000000000000000000000001000000010000000000000001000000280000000000000000000000"
      "d53a7efa770c0000000000000000000000000000000000000000000000000000");
  const auto event = read_event(octets);
  REQUIRE(event);
  CHECK(event->kind == Kind::Answer);
  CHECK(event->request == 0);
  CHECK(event->error == 0);
}

TEST_CASE("a fork tells the child and the thread that made it; a thread is no child") {
  const auto event = read_event(event_octets(connector::kFork, connector::Fork{11, 10, 12, 12}));
  REQUIRE(event);
  CHECK(event->kind == Kind::Fork);
  CHECK(event->pid == 12);
  CHECK(event->parent == 10);
  CHECK(event->parent_thread == 11);
  CHECK_FALSE(read_event(event_octets(connector::kFork, connector::Fork{10, 10, 13, 10})));
}

TEST_CASE("an exec tells the process") {
  const auto event = read_event(event_octets(connector::kExec, connector::Exec{10, 10}));
  REQUIRE(event);
  CHECK(event->kind == Kind::Exec);
  CHECK(event->pid == 10);
}

TEST_CASE("a new name is that of the process; the names of other threads are not") {
  connector::Comm comm{10, 10, {'n', 'g', 'i', 'n', 'x'}};
  const auto event = read_event(event_octets(connector::kComm, comm));
  REQUIRE(event);
  CHECK(event->kind == Kind::Comm);
  CHECK(event->pid == 10);
  CHECK(event->new_name() == "nginx");
  comm.name.fill('x');
  CHECK(read_event(event_octets(connector::kComm, comm))->new_name().size() == 16);
  comm.thread = 11;
  CHECK_FALSE(read_event(event_octets(connector::kComm, comm)));
}

TEST_CASE("deaths and all other kinds say nothing") {
  for (const std::uint32_t what : {0x4u, 0x40u, 0x80u, 0x100u, 0x40000000u, 0x80000000u}) {
    CHECK_FALSE(read_event(event_octets(what, connector::Fork{1, 1, 1, 1})));
  }
}

TEST_CASE("a message cut anywhere, or with any length, is no event and no harm") {
  const auto whole = event_octets(connector::kComm, connector::Comm{10, 10, {'a'}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<long>(size));
    CHECK_FALSE(read_event(cut));
    if (size < sizeof(nlmsghdr)) continue;
    const auto length = static_cast<std::uint32_t>(size);
    std::memcpy(cut.data(), &length, sizeof length);
    CHECK_FALSE(read_event(cut));
  }
  constexpr std::size_t kLengthOffset = sizeof(nlmsghdr) + 16;
  for (std::uint32_t length = 0; length < 0x10000; length += 7) {
    auto lying = whole;
    const auto written = static_cast<std::uint16_t>(length);
    std::memcpy(lying.data() + kLengthOffset, &written, sizeof written);
    const bool fits = length >= sizeof(connector::EventHead) + sizeof(connector::Comm) &&
                      length <= whole.size() - sizeof(nlmsghdr) - sizeof(connector::Head);
    CHECK(read_event(lying).has_value() == fits);
  }
}

TEST_CASE("messages of other connectors and of netlink itself say nothing") {
  const auto whole = event_octets(connector::kExec, connector::Exec{10, 10});
  for (const std::size_t at : {offsetof(nlmsghdr, nlmsg_type), sizeof(nlmsghdr),
                               sizeof(nlmsghdr) + offsetof(connector::Head, value)}) {
    auto other = whole;
    other[at] ^= 4;
    CHECK_FALSE(read_event(other));
  }
}

TEST_CASE("a request is the message that the kernel expects") {
  const connector::Request request = process_request(true, 0x01020304);
  const auto* octets = reinterpret_cast<const std::uint8_t*>(&request);
  CHECK(to_hex(Bytes(octets, sizeof request)) ==
        "28000000030000000000000000000000"
        "0100000001000000000000000403020104000000"
        "01000000");
  CHECK(process_request(false, 0).operation == 2);
}

TEST_CASE("/proc/PID/stat: the name may hold anything") {
  const std::string rest =
      " S 1 2 3 0 -1 4194560 5 6 7 8 9 10 11 12 20 0 4 0 123456 1 2 3 4 5 6 7 8 9\n";
  for (const std::string name : {"nginx", "a) Z 1", "(x", "", "a b\nc", ") "}) {
    const auto stat = parse_process_stat("42 (" + name + ")" + rest);
    REQUIRE(stat);
    CHECK(stat->state == 'S');
    CHECK(stat->threads == 4);
    CHECK(stat->started == 123456);
    CHECK_FALSE(stat->ended());
  }
  for (std::size_t size = 0; size < rest.size() - 26; ++size) {
    CHECK_FALSE(parse_process_stat("42 (x)" + rest.substr(0, size)));
  }
}

TEST_CASE("a zombie has ended, but not while other threads of it go on") {
  CHECK(ProcessStat{'Z', 1, 5}.ended());
  CHECK(ProcessStat{'X', 0, 5}.ended());
  CHECK_FALSE(ProcessStat{'Z', 3, 5}.ended());
  CHECK_FALSE(ProcessStat{'D', 1, 5}.ended());
}

}  // namespace holdfast::test
