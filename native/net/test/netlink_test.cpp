// Tests of net/netlink with the real kernel: see net_test.cpp for how to run them.
#ifndef __cpp_exceptions
#define DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS
#endif
#include "net/netlink.hpp"

#include <doctest/doctest.h>
#include <linux/if_addr.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "lab.hpp"

namespace holdfast {
namespace {

using Op = AddressChange::Op;

HeldAddress held(const std::string& text, std::uint8_t prefix) {
  HeldAddress address;
  address.address = *IpAddress::parse(text);
  address.prefix = prefix;
  return address;
}

// What the kernel said, kept as a table.
struct Table : NetlinkSink {
  std::map<std::uint32_t, LinkFacts> links;
  std::map<IpAddress, AddressFacts> addresses;
  std::size_t told = 0;
  std::size_t deleted = 0;

  void link(const LinkFacts& facts) override { links[facts.index] = facts, ++told; }
  void link_gone(std::uint32_t index) override { links.erase(index), ++told, ++deleted; }
  void address(const AddressFacts& facts) override { addresses[facts.address] = facts, ++told; }
  void address_gone(const AddressFacts& facts) override { addresses.erase(facts.address), ++told; }

  [[nodiscard]] bool has(const std::string& text) const {
    return addresses.count(*IpAddress::parse(text)) == 1;
  }
};

struct Host {
  lab::Namespace node;
  std::uint32_t index = 0;
  Result<Netlink> netlink = node.in([] { return Netlink::open(); });
  Table table;
  std::vector<AddressError> errors;

  Host() {
    REQUIRE(netlink);
    run("ip link add eth0 type veth peer name peer0; ip link set peer0 up");
    run("ip link set eth0 address 02:00:00:00:00:01 up");
    index = node.in([] { return if_nametoindex("eth0"); });
    resync();
    REQUIRE(netlink->read_monitor(table));
  }

  void run(const std::string& command) const {
    node.in([&] { lab::run(command); });
  }
  [[nodiscard]] std::string shown(const std::string& what) const {
    return node.in([&] { return lab::output("ip -o addr show dev eth0 | grep '" + what + "'"); });
  }
  void resync() {
    table.links.clear();
    table.addresses.clear();
    REQUIRE(netlink->dump(table));
  }
  bool told(const std::function<bool()>& condition) {
    return lab::eventually([&] {
      REQUIRE(netlink->read_monitor(table));
      return condition();
    });
  }
  void apply(Op op, const std::vector<HeldAddress>& all, std::uint32_t valid_seconds = 0) {
    std::vector<AddressChange> changes;
    for (std::size_t i = 0; i < all.size(); ++i) {
      changes.push_back({op, index, &all[i], valid_seconds, 1000 + i});
    }
    const std::span<const AddressChange> rest(changes);
    for (std::size_t first = 0; first < rest.size(); first += Netlink::kBatchMax) {
      const std::size_t count = std::min(Netlink::kBatchMax, rest.size() - first);
      REQUIRE(netlink->apply(rest.subspan(first, count), errors));
    }
  }
};

std::vector<HeldAddress> many(std::uint8_t family) {
  std::vector<HeldAddress> all;
  for (int i = 1; i <= 250; ++i) {
    const std::string host = std::to_string(i);
    all.push_back(family == 4 ? held("10.9.0." + host, 32) : held("fd09::" + host, 128));
  }
  return all;
}

TEST_CASE_FIXTURE(Host, "250 addresses: added, told, refreshed, removed") {
  for (const std::uint8_t family : {std::uint8_t{4}, std::uint8_t{6}}) {
    const auto all = many(family);
    const auto present = [&] {
      return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
        return table.addresses.count(one.address) == 1;
      }));
    };
    const auto timed = [&](const std::string& what, Op op) {
      const Instant start = monotonic_now();
      apply(op, all, 30);
      const Instant spent = monotonic_now() - start;
      MESSAGE(what, " of 250 addresses, IPv", std::to_string(family), ": ", spent, " µs");
    };
    timed("add", Op::Add);
    CHECK(errors.empty());
    CHECK(told([&] { return present() == 250; }));
    const auto born = table.told;
    timed("refresh", Op::Add);
    CHECK(errors.empty());
    CHECK(told([&] { return table.told >= born + 250; }));
    resync();
    CHECK(present() == 250);
    timed("remove", Op::Remove);
    CHECK(told([&] { return present() == 0; }));
    // Removing what is not there is what was wanted.
    apply(Op::Remove, all);
    CHECK(errors.empty());
  }
}

TEST_CASE_FIXTURE(Host, "the kernel takes a leased address back unless it is refreshed") {
  const std::vector<HeldAddress> let_go = {held("10.9.0.1", 24), held("fd09::1", 64)};
  const std::vector<HeldAddress> kept = {held("10.8.0.1", 24), held("fd08::1", 64)};
  apply(Op::Add, let_go, 3);
  const auto gone = [&] { return !table.has("10.9.0.1") && !table.has("fd09::1"); };
  REQUIRE(told([&] { return table.has("10.9.0.1") && table.has("fd09::1"); }));
  CHECK(told([&] {
    apply(Op::Add, kept, 3);
    return gone();
  }));
  CHECK(errors.empty());
  resync();
  CHECK(gone());
  CHECK(table.has("10.8.0.1"));
  CHECK(table.has("fd08::1"));
}

TEST_CASE_FIXTURE(Host, "every property of an address reaches the kernel") {
  auto four = held("10.9.0.1", 24);
  four.broadcast = IpAddress::parse("10.9.0.255");
  four.label = "eth0:vip";
  four.scope = 253;  // link
  four.no_prefix_route = true;
  auto peered = held("10.9.1.1", 32);
  peered.peer = IpAddress::parse("10.9.1.2");
  auto host = held("fd09::1", 128);
  auto wide = held("fd09::2", 64);
  wide.preferred_seconds = 5;
  auto greedy = held("fd09::3", 64);
  greedy.preferred_seconds = 1000;
  auto slow = held("fd09::4", 64);
  slow.dad = true;
  apply(Op::Add, {four, peered, host, wide, greedy, slow}, 10);
  CHECK(errors.empty());
  const auto says = [&](const char* address, const char* what) {
    const std::string line = shown(address);
    CAPTURE(line);
    CHECK(line.find(what) != std::string::npos);
  };
  says("10.9.0.1/24", "brd 10.9.0.255");
  says("10.9.0.1/24", "scope link");
  says("10.9.0.1/24", "noprefixroute");
  says("10.9.0.1/24", "eth0:vip");
  says("10.9.0.1/24", "valid_lft 10sec preferred_lft 10sec");
  says("10.9.1.1", "peer 10.9.1.2/32");
  says("fd09::1/128", "nodad");
  says("fd09::1/128", "deprecated");
  says("fd09::1/128", "preferred_lft 0sec");
  says("fd09::2/64", "preferred_lft 5sec");
  says("fd09::3/64", "preferred_lft 10sec");
  CHECK(shown("fd09::4/64").find("nodad") == std::string::npos);
  const auto forever = held("fd09::5", 64);
  apply(Op::Add, {forever});
  says("fd09::5/64", "valid_lft forever preferred_lft forever");
  REQUIRE(told([&] { return table.has("10.9.1.1"); }));
  const AddressFacts& facts = table.addresses[four.address];
  CHECK(facts.label == "eth0:vip");
  CHECK(facts.prefix == 24);
  CHECK(facts.scope == 253);
  CHECK((facts.flags & IFA_F_NOPREFIXROUTE) != 0);
  apply(Op::Remove, {four, peered, host, wide, greedy, slow, forever});
  CHECK(errors.empty());
  CHECK(shown("09::\\|10.9").empty());
}

TEST_CASE_FIXTURE(Host, "one bad change is named by its cookie, the others are applied") {
  const auto good = held("10.9.0.1", 32);
  const auto bad = held("10.9.0.2", 77);
  const auto also_good = held("fd09::1", 64);
  auto long_label = held("10.9.0.3", 32);
  long_label.label = "a-label-that-is-much-too-long-for-the-kernel";
  const std::vector<AddressChange> changes = {{Op::Add, index, &good, 0, 11},
                                              {Op::Add, index, &bad, 0, 22},
                                              {Op::Add, 9999, &good, 0, 33},
                                              {Op::Add, index, &long_label, 0, 44},
                                              {Op::Add, index, &also_good, 0, 55}};
  REQUIRE(netlink->apply(changes, errors));
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].cookie == 22);
  CHECK(errors[0].code == EINVAL);
  CHECK(errors[0].text.find("prefix") != std::string::npos);
  CHECK(errors[1].cookie == 33);
  CHECK(errors[1].code == ENODEV);
  CHECK(errors[2].cookie == 44);
  CHECK(told([&] { return table.has("10.9.0.1") && table.has("fd09::1"); }));
  // A removal from an interface that is gone is done already.
  errors.clear();
  const AddressChange orphan{Op::Remove, 9999, &good, 0, 66};
  REQUIRE(netlink->apply({&orphan, 1}, errors));
  CHECK(errors.empty());
}

TEST_CASE_FIXTURE(Host, "a batch beyond the bound is refused whole") {
  const auto address = held("10.9.0.1", 32);
  const std::vector<AddressChange> changes(Netlink::kBatchMax + 1,
                                           {Op::Add, index, &address, 0, 0});
  const auto done = netlink->apply(changes, errors);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == EMSGSIZE);
  CHECK(shown("10.9").empty());
}

TEST_CASE_FIXTURE(Host, "links: dumped, down, up, renamed, altered, deleted") {
  REQUIRE(table.links.count(index) == 1);
  CHECK(table.links[index].name == "eth0");
  CHECK(table.links[index].arp);
  CHECK(table.links[index].ethernet);
  CHECK(table.links[index].mtu == 1500);
  CHECK(table.links[index].mac == std::array<std::uint8_t, 6>{2, 0, 0, 0, 0, 1});
  CHECK(table.links[1].loopback);
  CHECK_FALSE(table.links[1].ethernet);
  const auto up = [&] { return table.links[index].up; };
  CHECK(told(up));
  run("ip link set peer0 down");
  CHECK(told([&] { return !up(); }));  // no carrier
  run("ip link set peer0 up");
  CHECK(told(up));
  run("ip link set eth0 down");
  CHECK(told([&] { return !up(); }));
  run("ip link set eth0 name lan0; ip link set lan0 mtu 1400 arp off up");
  CHECK(told([&] { return up() && table.links[index].name == "lan0"; }));
  CHECK(table.links[index].mtu == 1400);
  CHECK_FALSE(table.links[index].arp);
  run("ip link del lan0");
  CHECK(told([&] { return table.links.count(index) == 0; }));
}

TEST_CASE_FIXTURE(Host, "a port that leaves its bridge is not gone") {
  run("ip link add br0 type bridge; ip link set eth0 master br0; ip link set eth0 nomaster");
  run("ip link add marker0 type veth peer name marker1");
  CHECK(told([&] {
    return std::any_of(table.links.begin(), table.links.end(),
                       [](const auto& link) { return link.second.name == "marker0"; });
  }));
  CHECK(table.deleted == 0);
}

TEST_CASE_FIXTURE(Host, "addresses that others add and remove are told") {
  run("ip addr add 10.7.0.1/24 dev eth0; ip addr add fd07::1/64 dev eth0 nodad");
  CHECK(told([&] { return table.has("10.7.0.1") && table.has("fd07::1"); }));
  CHECK(table.addresses[*IpAddress::parse("fd07::1")].prefix == 64);
  CHECK(table.addresses[*IpAddress::parse("fd07::1")].index == index);
  run("ip addr del 10.7.0.1/24 dev eth0; ip addr del fd07::1/64 dev eth0");
  CHECK(told([&] { return !table.has("10.7.0.1") && !table.has("fd07::1"); }));
}

TEST_CASE_FIXTURE(Host, "lost notifications are an ENOBUFS, and a dump then tells the truth") {
  int small = 4096;
  REQUIRE(setsockopt(netlink->monitor_fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small) == 0);
  apply(Op::Add, many(4));
  const std::size_t before = table.told;
  const auto read = netlink->read_monitor(table);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ENOBUFS);
  CHECK(table.told == before);
  resync();
  CHECK(table.addresses.size() >= 250);
  CHECK(netlink->read_monitor(table));
}

TEST_CASE("no bytes whatsoever lead the decoder out of its buffer") {
  std::mt19937 random(7);
  Table table;
  for (int round = 0; round < 200'000; ++round) {
    // Exactly as large as its content, so that the sanitizer sees one octet too far.
    std::vector<std::uint8_t> bytes(random() % 120);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    // Often enough plausible to get past the header.
    if (bytes.size() >= sizeof(nlmsghdr)) {
      bytes[0] = static_cast<std::uint8_t>(random() % 128), bytes[1] = bytes[2] = bytes[3] = 0;
      bytes[4] = static_cast<std::uint8_t>(16 + random() % 6), bytes[5] = 0;
    }
    if (bytes.size() > 16) bytes[16] = std::array<std::uint8_t, 3>{0, 2, 10}[random() % 3];
    if (bytes.size() > 36) bytes[24] = bytes[32] = 8, bytes[25] = bytes[33] = 0;
    MessageWalk messages(bytes);
    while (const auto message = messages.next()) deliver(*message, table);
  }
  CHECK(table.told > 100);
}

}  // namespace
}  // namespace holdfast
