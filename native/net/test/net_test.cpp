// Tests of native/net with real sockets. Run as root in a namespace of its own:
//   unshare -n ./net_test
// Adverts and datagrams, timers and wake-ups; addresses and links are in netlink_test.cpp.
#ifndef __cpp_exceptions
#define DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS
#endif
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <thread>
#include <vector>

#include "lab.hpp"
#include "net/advert_socket.hpp"
#include "net/kernel_listener.hpp"
#include "net/sender.hpp"
#include "net/timer.hpp"
#include "net/wake_fd.hpp"
#include "wire/ip_header.hpp"

namespace holdfast {
namespace {

IpAddress ip(const char* text) { return *IpAddress::parse(text); }

// The same test for both families.
struct Family {
  std::uint8_t number;
  std::uint16_t ethertype;
  IpAddress group;
  IpAddress a;
  IpAddress b;
  const char* memberships;  // what ip(8) prints for the group
  const char* drop;         // the firewall's rule
  const char* allow;
};

const std::array<Family, 2>& families() {
  static const std::array<Family, 2> both = {
      Family{4, ETH_P_IP, ip("224.0.0.18"), ip("10.0.0.1"), ip("10.0.0.2"), "inet  224.0.0.18",
             "nft add table ip t; nft 'add chain ip t in {type filter hook input priority 0;}';"
             "nft add rule ip t in ip protocol 112 drop",
             "nft delete table ip t"},
      Family{6, ETH_P_IPV6, ip("ff02::12"), ip("fd00::1"), ip("fd00::2"), "inet6 ff02::12",
             "nft add table ip6 t; nft 'add chain ip6 t in {type filter hook input priority 0;}';"
             "nft add rule ip6 t in ip6 nexthdr 112 drop",
             "nft delete table ip6 t"}};
  return both;
}

const std::array<std::uint8_t, 12> kMessage = {0x31, 1, 100, 1, 0, 100, 0, 0, 10, 0, 0, 9};

struct Fixture : lab::Network {
  Result<Sender> sender = a.in([] { return Sender::open(); });
  Result<AdvertReceiver> receivers[2] = {
      b.in([this] { return AdvertReceiver::open(b_index(), 4); }),
      b.in([this] { return AdvertReceiver::open(b_index(), 6); })};
  Result<KernelListener> listeners[2] = {
      b.in([this] { return KernelListener::open(b_index(), 4); }),
      b.in([this] { return KernelListener::open(b_index(), 6); })};
  std::vector<SendError> failures;

  Fixture() {
    REQUIRE(sender);
    for (const Family& family : families()) {
      REQUIRE(receiver(family.number));
      REQUIRE(listener(family.number));
      REQUIRE(listener(family.number)->join(family.group));
    }
  }

  Result<AdvertReceiver>& receiver(std::uint8_t family) { return receivers[family == 4 ? 0 : 1]; }
  Result<KernelListener>& listener(std::uint8_t family) { return listeners[family == 4 ? 0 : 1]; }

  std::size_t multicast(const Family& family, std::size_t copies = 1) {
    const auto packet = ip_packet({.source = family.a, .destination = family.group}, kMessage);
    const Frame frame{a_index(), family.ethertype, multicast_mac(family.group), packet};
    return sender->send(std::vector<Frame>(copies, frame), failures);
  }
  std::size_t unicast(const Family& family) {
    const auto packet = ip_packet({.source = family.a, .destination = family.b}, kMessage);
    const Datagram datagram{a_index(), family.b, packet};
    return sender->send_unicast({&datagram, 1}, failures);
  }
  // Reads until the first `count` packets came. Whatever should have been refused must have been
  // sent before the last of them: frames keep their order.
  std::vector<Received> receive(std::uint8_t family, std::size_t count) {
    std::vector<Received> all;
    CHECK(lab::eventually([&] {
      std::array<Received, AdvertReceiver::kBatchMax> some{};
      const auto got = receiver(family)->recv(some);
      REQUIRE(got);
      all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(*got));
      return all.size() >= count;
    }));
    CHECK(all.size() == count);
    return all;
  }
};

TEST_CASE_FIXTURE(Fixture, "a multicast advert arrives whole, with the time of its arrival") {
  for (const Family& family : families()) {
    const Instant before = monotonic_now();
    CHECK(multicast(family) == 1);
    REQUIRE(lab::readable(receiver(family.number)->fd()));
    const auto all = receive(family.number, 1);
    REQUIRE(all.size() == 1);
    const auto packet = parse_ip(all[0].packet);
    REQUIRE(packet);
    CHECK(packet->source == family.a);
    CHECK(packet->destination == family.group);
    CHECK(packet->ttl == 255);
    CHECK(std::equal(kMessage.begin(), kMessage.end(), packet->message.begin(),
                     packet->message.end()));
    CHECK(all[0].arrived >= before);
    CHECK(all[0].arrived <= monotonic_now());
  }
  CHECK(failures.empty());
}

TEST_CASE_FIXTURE(Fixture, "an arrival is the kernel's stamp, not the time of reading") {
  // The kernel begins to stamp a moment after the first socket asked for it, so the first may miss.
  CHECK(lab::eventually([&] {
    multicast(families()[0]);
    REQUIRE(lab::readable(receiver(4)->fd()));
    const Instant seen = monotonic_now();
    REQUIRE(lab::eventually([&] { return monotonic_now() > seen + 20'000; }));
    const auto all = receive(4, 1);
    return all.size() == 1 && all[0].arrived <= seen;
  }));
}

TEST_CASE_FIXTURE(Fixture, "adverts arrive though the firewall drops them, and the probe tells") {
  for (const Family& family : families()) {
    CAPTURE(family.number);
    auto& listener = this->listener(family.number);
    REQUIRE(listener->open_probe());
    multicast(family, 3);
    receive(family.number, 3);
    CHECK(listener->drain() == 3);

    b.in([&] { lab::run(family.drop); });
    multicast(family, 3);
    receive(family.number, 3);
    CHECK(listener->drain() == 0);

    b.in([&] { lab::run(family.allow); });
    REQUIRE(listener->close_probe());
    multicast(family, 3);
    receive(family.number, 3);
    CHECK(listener->drain() == 0);

    // Twice open is no error, and the count begins anew.
    REQUIRE(listener->open_probe());
    multicast(family, 2);
    receive(family.number, 2);
    REQUIRE(listener->open_probe());
    CHECK(listener->drain() == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "a unicast advert arrives, and the kernel does not object to it") {
  for (const Family& family : families()) {
    CAPTURE(family.number);
    const auto icmp = [&] {
      return b.in([] {
        return lab::output("nstat -asz IcmpOutDestUnreachs Icmp6OutParmProblems | grep Icmp");
      });
    };
    const std::string before = icmp();
    CHECK(unicast(family) == 1);
    const auto all = receive(family.number, 1);
    REQUIRE(all.size() == 1);
    const auto packet = parse_ip(all[0].packet);
    REQUIRE(packet);
    CHECK(packet->source == family.a);
    CHECK(packet->ttl == 255);
    CHECK(icmp() == before);
    // Without the listener it would have: the counter does move.
    auto closed = std::move(*listener(family.number));
    { const KernelListener gone = std::move(closed); }
    CHECK(unicast(family) == 1);
    receive(family.number, 1);
    CHECK(lab::eventually([&] { return icmp() != before; }));
  }
  CHECK(failures.empty());
}

TEST_CASE_FIXTURE(Fixture, "link-local unicast leaves by the interface that was named") {
  const auto link_local = [](const lab::Namespace& node) {
    const std::string text = node.in([] {
      return lab::output("ip -6 -o addr show dev eth0 scope link | awk '{print $4}' | cut -d/ -f1");
    });
    return IpAddress::parse(text.substr(0, text.find('\n'))).value_or(IpAddress{});
  };
  // A second interface whose link-local route comes first.
  a.in([] {
    lab::run("ip link add other0 type veth peer name other1; ip link set other1 up");
    lab::run("ip link set other0 up; ip link set eth0 down; ip link set eth0 up");
  });
  CHECK(lab::eventually([&] { return !link_local(a).is_none(); }));
  const IpAddress from = link_local(a);
  const IpAddress to = link_local(b);
  const auto packet = ip_packet({.source = from, .destination = to}, kMessage);
  const Datagram datagram{a_index(), to, packet};
  CHECK(sender->send_unicast({&datagram, 1}, failures) == 1);
  const auto all = receive(6, 1);
  REQUIRE(all.size() == 1);
  CHECK(parse_ip(all[0].packet)->source == from);
}

TEST_CASE_FIXTURE(Fixture, "other protocols, fragments, other hosts and own frames are not seen") {
  b.in([] { lab::run("ip link set eth0 promisc on"); });
  const Family& family = families()[0];
  const auto packet = ip_packet({.source = family.a, .destination = family.group}, kMessage);
  auto fragment = packet;
  fragment[6] = 0x20;
  auto tcp = packet;
  tcp[9] = 6;
  const MacAddress group = multicast_mac(family.group);
  const MacAddress stranger = {2, 0, 0, 0, 0, 0x77};
  const std::vector<Frame> frames = {{a_index(), ETH_P_IP, group, fragment},
                                     {a_index(), ETH_P_IP, group, tcp},
                                     {a_index(), ETH_P_IP, stranger, packet}};
  CHECK(sender->send(frames, failures) == 3);
  // What b itself sends is not b's to hear.
  auto own = b.in([] { return Sender::open(); });
  REQUIRE(own);
  const Frame loud{b_index(), ETH_P_IP, group, packet};
  CHECK(own->send({&loud, 1}, failures) == 1);
  // A last packet that is unlike the others proves that they have been refused.
  auto last = packet;
  last[1] = 0x55;
  const Frame final_frame{a_index(), ETH_P_IP, group, last};
  CHECK(sender->send({&final_frame, 1}, failures) == 1);
  const auto all = receive(4, 1);
  REQUIRE_FALSE(all.empty());
  CHECK(all[0].packet[1] == 0x55);
}

TEST_CASE_FIXTURE(Fixture, "a burst is read in batches, and an overflow is counted") {
  const Family& family = families()[0];
  CHECK(multicast(family, 300) == 300);
  receive(4, 300);
  CHECK(receiver(4)->dropped() == 0);
  std::size_t sent = 0;
  for (int i = 0; i < 400 && receiver(4)->dropped() == 0; ++i) sent += multicast(family, 128);
  CHECK(receiver(4)->dropped() > 0);
  CHECK(sent > 1000);
}

TEST_CASE_FIXTURE(Fixture, "a receiver survives its interface going down and up") {
  const Family& family = families()[0];
  b.in([] { lab::run("ip link set eth0 down; ip link set eth0 up"); });
  CHECK(listener(4)->rejoin(family.group));
  const bool heard = lab::eventually([&] {
    multicast(family);
    std::array<Received, 1> one{};
    const auto got = receiver(4)->recv(one);
    REQUIRE(got);
    return *got == 1;
  });
  CHECK(heard);
}

TEST_CASE_FIXTURE(Fixture, "a frame that cannot leave is reported and the others leave") {
  const Family& family = families()[0];
  const auto packet = ip_packet({.source = family.a, .destination = family.group}, kMessage);
  const std::vector<std::uint8_t> huge(9000);
  const MacAddress mac = multicast_mac(family.group);
  a.in([] { lab::run("ip link add down0 type veth peer name down1"); });
  const auto down = a.in([] { return if_nametoindex("down0"); });
  std::vector<Frame> frames(200, Frame{a_index(), ETH_P_IP, mac, packet});
  frames[0].index = 9999;
  frames[100].index = down;
  frames[199].payload = huge;
  CHECK(sender->send(frames, failures) == 197);
  REQUIRE(failures.size() == 3);
  CHECK(failures[0].position == 0);
  CHECK(failures[0].code == ENXIO);
  CHECK(failures[1].position == 100);
  CHECK(failures[1].code == ENETDOWN);
  CHECK(failures[2].position == 199);
  CHECK(failures[2].code == EMSGSIZE);
  receive(4, 197);
}

TEST_CASE_FIXTURE(Fixture, "unicast of both families in one call; a lost one is reported") {
  const auto four = ip_packet({.source = ip("10.0.0.1"), .destination = ip("10.0.0.2")}, kMessage);
  const auto six = ip_packet({.source = ip("fd00::1"), .destination = ip("fd00::2")}, kMessage);
  const std::vector<Datagram> datagrams = {{a_index(), ip("10.0.0.2"), four},
                                           {a_index(), ip("fd00::2"), six},
                                           {9999, ip("10.0.0.2"), four},
                                           {a_index(), ip("10.0.0.2"), four}};
  CHECK(sender->send_unicast(datagrams, failures) == 3);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].position == 2);
  receive(4, 2);
  receive(6, 1);
}

TEST_CASE_FIXTURE(Fixture, "membership: joined, joined twice, rejoined, left") {
  for (const Family& family : families()) {
    const auto joined = [&] {
      const std::string all = b.in([] { return lab::output("ip maddr show dev eth0"); });
      return all.find(family.memberships) != std::string::npos;
    };
    auto& listener = this->listener(family.number);
    CHECK(joined());
    CHECK(listener->join(family.group));
    CHECK(listener->rejoin(family.group));
    CHECK(joined());
    CHECK(listener->leave(family.group));
    CHECK_FALSE(joined());
    CHECK(listener->leave(family.group));
  }
}

TEST_CASE_FIXTURE(Fixture, "membership returns after IPv6 was switched off and on") {
  const auto joined = [&] {
    const std::string all = b.in([] { return lab::output("ip maddr show dev eth0"); });
    return all.find("inet6 ff02::12") != std::string::npos;
  };
  // Below the least MTU of IPv6 the kernel takes the family off the interface, groups and all.
  b.in([] { lab::run("ip link set eth0 mtu 1000"); });
  CHECK_FALSE(joined());
  b.in([] { lab::run("ip link set eth0 mtu 1500"); });
  CHECK(listener(6)->rejoin(ip("ff02::12")));
  CHECK(joined());
}

TEST_CASE("multicast groups map to their Ethernet addresses") {
  CHECK(multicast_mac(ip("224.0.0.18")) == MacAddress{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12});
  CHECK(multicast_mac(ip("239.255.1.2")) == MacAddress{0x01, 0x00, 0x5e, 0x7f, 0x01, 0x02});
  CHECK(multicast_mac(ip("ff02::12")) == MacAddress{0x33, 0x33, 0x00, 0x00, 0x00, 0x12});
}

TEST_CASE("opening on an interface that is not there fails with its errno") {
  const auto receiver = AdvertReceiver::open(9999, 4);
  REQUIRE_FALSE(receiver);
  CHECK(receiver.error().code == ENODEV);
  CHECK(receiver.error().what == "bind AF_PACKET");
  auto listener = KernelListener::open(9999, 6);
  REQUIRE(listener);  // the kernel binds to any index; joining is what fails
  const auto joined = listener->join(ip("ff02::12"));
  REQUIRE_FALSE(joined);
  CHECK(joined.error().code == ENODEV);
}

TEST_CASE("a timer fires at its instant, at once for a past one, never when disarmed") {
  auto timer = Timer::open();
  REQUIRE(timer);
  const Instant at = monotonic_now() + 30'000;
  CHECK(timer->arm(at));
  CHECK_FALSE(timer->read());
  CHECK(lab::readable(timer->fd()));
  CHECK(monotonic_now() >= at);
  CHECK(timer->read());
  CHECK_FALSE(timer->read());
  CHECK(timer->arm(0));
  CHECK(lab::readable(timer->fd()));
  CHECK(timer->read());
  CHECK(timer->arm(monotonic_now()));
  CHECK(timer->disarm());
  CHECK_FALSE(timer->read());
}

TEST_CASE("many rings are one wake-up") {
  auto bell = WakeFd::open();
  REQUIRE(bell);
  CHECK_FALSE(bell->answer());
  std::thread([&] {
    for (int i = 0; i < 100; ++i) bell->ring();
  }).join();
  CHECK(lab::readable(bell->fd()));
  CHECK(bell->answer());
  CHECK_FALSE(bell->answer());
}

}  // namespace
}  // namespace holdfast
