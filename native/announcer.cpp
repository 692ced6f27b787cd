#include "announcer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "fd.hpp"
#include "wire/arp.hpp"
#include "wire/ethernet.hpp"
#include "wire/ndisc.hpp"

namespace holdfast {

namespace {

// RFC 4861 §7.2.5: R=0 would make hosts forget the VIP as their router, so a router says R=1.
bool forwards(const std::string& interface) {
  const std::string path = "/proc/sys/net/ipv6/conf/" + interface + "/forwarding";
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char value = '0';
  return file && ::read(file.get(), &value, 1) == 1 && value != '0';
}

}  // namespace

void Announcer::define(InstanceId instance, const std::vector<HeldAddress>& addresses,
                       const std::vector<std::uint32_t>& indexes) {
  std::vector<Target>& targets = targets_[instance];
  const std::vector<Target> before = std::exchange(targets, {});
  std::map<std::string, bool> asked;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const HeldAddress& held = addresses[i];
    if (indexes[i] == 0) continue;
    bool router = false;
    if (held.address.family == 6) {
      const auto [known, fresh] = asked.try_emplace(held.device, false);
      if (fresh) known->second = forwards(held.device);
      router = known->second;
    }
    const auto same = [&](const Target& target) {
      return target.index == indexes[i] && target.address == held.address;
    };
    targets.push_back({indexes[i], held.address, router, std::ranges::none_of(before, same)});
  }
  forget_gone(instance, targets);
}

// What is gone from the list is not announced any more.
void Announcer::forget_gone(InstanceId instance, const std::vector<Target>& targets) {
  const auto gone = [&](const Target& one) {
    return std::ranges::none_of(targets, [&](const Target& target) {
      return target.index == one.index && target.address == one.address;
    });
  };
  for (auto round = rounds_.begin(); round != rounds_.end();) {
    const bool mine = round->instance == instance && !round->only.empty();
    if (mine) std::erase_if(round->only, gone);
    round = mine && round->only.empty() ? rounds_.erase(round) : round + 1;
  }
}

void Announcer::forget(InstanceId instance) {
  cancel(instance);
  targets_.erase(instance);
}

void Announcer::announce(InstanceId instance, std::uint32_t rounds) {
  if (rounds == 0) return;
  for (Round& round : rounds_) {
    if (round.instance == instance && round.only.empty()) {
      round.left = std::max(round.left, rounds);
      return;
    }
  }
  rounds_.push_back({instance, rounds, 0, {}});
}

void Announcer::announce_new(InstanceId instance, std::uint32_t rounds) {
  Round round{instance, rounds, 0, {}};
  for (const Target& target : targets_[instance]) {
    if (target.fresh) round.only.push_back(target);
  }
  if (rounds > 0 && !round.only.empty()) rounds_.push_back(std::move(round));
}

void Announcer::cancel(InstanceId instance) {
  std::erase_if(rounds_, [&](const Round& round) { return round.instance == instance; });
}

void Announcer::put(const Target& target) {
  const LinkFacts* link = table_.find(target.index);
  if (link == nullptr || !link->ethernet || !link->arp || !link->up) return;
  Frame frame;
  frame.index = target.index;
  if (target.address.family == 4) {
    const auto body = gratuitous_arp(link->mac, target.address);
    payloads_.emplace_back(body.begin(), body.end());
    frame.ethertype = kEtherTypeArp;
    frame.destination = kBroadcastMac;
  } else {
    NeighbourFlags flags;
    flags.router = target.router;
    const auto packet = unsolicited_advert(link->mac, target.address, flags);
    payloads_.emplace_back(packet.begin(), packet.end());
    frame.ethertype = kEtherTypeIpv6;
    frame.destination = kAllNodesMac;
  }
  frame.payload = payloads_.back();
  frames_.push_back(frame);
}

bool Announcer::work() {
  if (rounds_.empty()) return false;
  payloads_.clear();
  frames_.clear();
  std::size_t looked = 0;
  while (!rounds_.empty() && looked < kSliceMax) {
    Round round = std::move(rounds_.front());
    rounds_.pop_front();
    const auto found = targets_.find(round.instance);
    if (found == targets_.end()) continue;
    const std::vector<Target>& targets = round.only.empty() ? found->second : round.only;
    while (round.next < targets.size() && looked < kSliceMax) {
      put(targets[round.next]);
      ++round.next;
      ++looked;
    }
    if (round.next < targets.size()) {
      rounds_.push_front(std::move(round));
    } else if (--round.left > 0) {
      round.next = 0;
      rounds_.push_back(std::move(round));
    }
    ++looked;  // an instance without addresses must not spin here
  }
  errors_.clear();
  sent_ += sender_.send(frames_, errors_);
  return !rounds_.empty();
}

}  // namespace holdfast
