#include "hearing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/ip_header.hpp"

namespace holdfast {

namespace {

Expectation expectation_of(const Open& order) {
  Expectation expected;
  expected.family = order.family;
  expected.version = order.version;
  expected.vrid = order.vrid;
  expected.auth = order.auth;
  expected.auth_data = order.auth_data;
  expected.interval = order.interval;
  expected.unicast = order.unicast;
  expected.form = order.checksum_as_v2 ? ChecksumForm::MessageOnly : ChecksumForm::PseudoHeader;
  expected.strict = order.strict;
  expected.addresses = order.advertised;
  return expected;
}

}  // namespace

Hearing::Hearing(StandingOrders& orders, const InterfaceTable& table, Emit emit, Watch watch)
    : orders_(orders), table_(table), emit_(std::move(emit)), watch_(std::move(watch)) {}

Result<Hearing::Ear*> Hearing::ear_for(std::uint32_t index, std::uint8_t family, Instant now) {
  for (auto& [fd, ear] : ears_) {
    if (ear.index == index && ear.family == family) return &ear;
  }
  Result<AdvertReceiver> receiver = AdvertReceiver::open(index, family);
  if (!receiver) return receiver.error();
  Result<KernelListener> kernel = KernelListener::open(index, family);
  if (!kernel) return kernel.error();
  const int fd = receiver->fd();
  Ear ear{index, family, std::move(*receiver), std::move(*kernel), {}, 0, {}, {}, {}};
  ear.probe.at = now + kComplainEvery;
  const auto placed = ears_.emplace(fd, std::move(ear)).first;
  watch_(fd, true);
  return &placed->second;
}

// The same virtual router with other terms: the socket, and what it has queued, stays.
bool Hearing::reopen(const Open& order, std::uint32_t index) {
  const auto place = places_.find(order.instance);
  if (place == places_.end() || place->second.vrid != order.vrid) return false;
  Ear& ear = ears_.find(place->second.fd)->second;
  const IpAddress group =
      order.unicast || order.destinations.empty() ? IpAddress{} : order.destinations.front();
  if (ear.index != index || ear.family != order.family || place->second.group != group) {
    return false;
  }
  Station& station = *ear.stations[order.vrid];
  station.order = order;
  station.expectation = expectation_of(order);
  station.last.clear();
  return true;
}

Status Hearing::open(const Open& order, std::uint32_t index, Instant now) {
  if (reopen(order, index)) return Done{};
  close(order.instance);
  Result<Ear*> found = ear_for(index, order.family, now);
  if (!found) return found.error();
  Ear& ear = **found;
  if (ear.stations[order.vrid] != nullptr) {
    return Error{"virtual_router_id " + std::to_string(order.vrid) + " is taken here", EADDRINUSE};
  }
  auto station = std::make_unique<Station>();
  station->order = order;
  station->expectation = expectation_of(order);
  ear.stations[order.vrid] = std::move(station);
  ++ear.count;
  Place place{ear.receiver.fd(), order.vrid, {}};
  Status joined = Done{};
  if (!order.unicast && !order.destinations.empty()) {
    place.group = order.destinations.front();
    if (ear.groups[place.group]++ == 0) joined = ear.kernel.join(place.group);
  }
  places_[order.instance] = place;
  if (!joined) close(order.instance);
  return joined;
}

void Hearing::close(InstanceId instance) {
  const auto place = places_.find(instance);
  if (place == places_.end()) return;
  const auto found = ears_.find(place->second.fd);
  Ear& ear = found->second;
  ear.stations[place->second.vrid].reset();
  const IpAddress group = place->second.group;
  places_.erase(place);
  if (!group.is_none() && --ear.groups[group] == 0) {
    ear.groups.erase(group);
    // The interface may be gone, and the membership with it.
    (void)ear.kernel.leave(group);
  }
  if (--ear.count > 0) return;
  watch_(ear.receiver.fd(), false);
  dropped_before_ += ear.receiver.dropped();
  ears_.erase(found);
}

void Hearing::link_raised(std::uint32_t index) {
  for (auto& [fd, ear] : ears_) {
    if (ear.index != index) continue;
    for (const auto& [group, count] : ear.groups) {
      const Status joined = ear.kernel.rejoin(group);
      if (joined) continue;
      const Error& error = joined.error();
      emit_(monotonic_now(), Failed{std::nullopt, error.what, error.code, 1});
    }
  }
}

void Hearing::read_all() {
  for (auto& [fd, ear] : ears_) empty(ear);
}

bool Hearing::read(int fd) {
  const auto found = ears_.find(fd);
  if (found == ears_.end()) return false;
  empty(found->second);
  return true;
}

void Hearing::empty(Ear& ear) {
  for (std::size_t total = 0; total < kReadMax;) {
    now_ = monotonic_now();
    const Result<std::size_t> got = ear.receiver.recv(batch_);
    // A link that goes down says ENETDOWN once; the link's own event tells the story.
    if (!got) return;
    for (std::size_t i = 0; i < *got; ++i) hear(ear, batch_[i]);
    total += *got;
    if (*got < batch_.size()) return;
  }
}

void Hearing::hear(Ear& ear, const Received& received) {
  const std::optional<Packet> packet = parse_ip(received.packet);
  if (!packet) return;
  ++received_;
  if (ear.probe.open) ++ear.probe.heard;
  const auto message = packet->message;
  Station* station = message.size() > 1 ? ear.stations[message[1]].get() : nullptr;
  if (station != nullptr && station->last.size() == message.size() &&
      std::memcmp(station->last.data(), message.data(), message.size()) == 0 &&
      station->last_source == packet->source && station->last_ttl == packet->ttl &&
      station->last_destination == packet->destination) {
    orders_.heard_again(station->order.instance, received.arrived, now_);
    return;
  }
  const std::optional<Peek> peeked = peek(message);
  if (!peeked) {
    reject(ear, nullptr, *packet, Rejection::TooShort, static_cast<std::uint32_t>(message.size()),
           8, received.arrived);
  } else if (peeked->carp) {
    reject(ear, nullptr, *packet, Rejection::Carp, 0, 0, received.arrived);
  } else if (station == nullptr) {
    reject(ear, nullptr, *packet, Rejection::Vrid, peeked->vrid, 0, received.arrived);
  } else {
    judge(ear, *station, *packet, received.arrived);
  }
}

void Hearing::judge(Ear& ear, Station& station, const Packet& packet, Instant at) {
  const auto verdict = check(packet, station.expectation);
  if (const auto* rejected = std::get_if<Rejected>(&verdict)) {
    reject(ear, &station, packet, rejected->reason, rejected->got, rejected->expected, at);
    return;
  }
  if (!admitted(ear, station, packet, at)) return;
  const Accepted& accepted = *std::get_if<Accepted>(&verdict);
  station.last.assign(packet.message.begin(), packet.message.end());
  station.last_source = packet.source;
  station.last_destination = packet.destination;
  station.last_ttl = packet.ttl;
  AdvertFacts facts{packet.source, station.order.version, accepted.priority, accepted.interval,
                    accepted.addresses_match};
  facts.plain_checksum = station.order.version == 3 && station.order.family == 4 &&
                         accepted.form_seen == ChecksumForm::MessageOnly;
  orders_.heard(station.order.instance, facts, at, now_);
}

// Whom an instance listens to: its kind of destination, its peers, never itself.
bool Hearing::admitted(Ear& ear, const Station& station, const Packet& packet, Instant at) {
  const Open& order = station.order;
  const auto& peers = order.destinations;
  if (packet.source == order.source) {
    reject(ear, &station, packet, Rejection::OwnSource, 0, 0, at);
    return false;
  }
  const bool fits = order.unicast ? !packet.destination.is_multicast()
                                  : !peers.empty() && packet.destination == peers.front();
  if (!fits) {
    reject(ear, &station, packet, Rejection::Destination, 0, 0, at);
    return false;
  }
  if (order.unicast && order.check_source &&
      std::find(peers.begin(), peers.end(), packet.source) == peers.end()) {
    reject(ear, &station, packet, Rejection::Source, 0, 0, at);
    return false;
  }
  return true;
}

void Hearing::reject(Ear& ear, const Station* station, const Packet& packet, Rejection reason,
                     std::uint32_t got, std::uint32_t expected, Instant at) {
  ++rejected_[static_cast<std::size_t>(reason)];
  Complaint& complaint = ear.complaints[static_cast<std::size_t>(reason)];
  AdvertRejected& event = complaint.event;
  const LinkFacts* link = table_.find(ear.index);
  event.interface.fill('\0');
  if (link != nullptr) {
    std::copy_n(link->name.begin(), std::min(link->name.size(), event.interface.size()),
                event.interface.begin());
  }
  event.instance.reset();
  if (station != nullptr) event.instance = station->order.instance;
  event.vrid = packet.message.size() > 1 ? packet.message[1] : 0;
  event.source = packet.source;
  event.reason = reason;
  event.got = got;
  event.expected = expected;
  ++event.count;
  if (at < complaint.next) {
    complaints_due_ = std::min(complaints_due_, complaint.next);
    return;
  }
  complaint.next = at + kComplainEvery;
  emit_(at, event);
  event.count = 0;
}

void Hearing::expire(Instant now) {
  for (auto& [fd, ear] : ears_) {
    if (ear.probe.at <= now) judge_firewall(ear, now);
  }
  if (now < complaints_due_) return;
  complaints_due_ = INT64_MAX;
  for (auto& [fd, ear] : ears_) {
    for (Complaint& complaint : ear.complaints) {
      if (complaint.event.count == 0) continue;
      if (complaint.next <= now) {
        complaint.next = now + kComplainEvery;
        emit_(now, complaint.event);
        complaint.event.count = 0;
      } else {
        complaints_due_ = std::min(complaints_due_, complaint.next);
      }
    }
  }
}

void Hearing::judge_firewall(Ear& ear, Instant now) {
  Probe& probe = ear.probe;
  if (!probe.open) {
    probe.open = static_cast<bool>(ear.kernel.open_probe());
    probe.heard = probe.passed = 0;
    probe.at = now + (probe.open ? kProbeFor : kProbeEvery);
    return;
  }
  probe.passed += ear.kernel.drain();
  if (probe.passed == 0 && probe.heard < kProbeAdverts) {
    // Nothing to judge by yet.
    probe.at = now + (probe.heard == 0 ? kComplainEvery : kProbeFor);
    return;
  }
  (void)ear.kernel.close_probe();
  probe.open = false;
  probe.at = now + kProbeEvery;
  const bool dropping = probe.passed == 0;
  if (std::exchange(probe.dropping, dropping) == dropping) return;
  const LinkFacts* link = table_.find(ear.index);
  emit_(now, FirewallNoticed{link == nullptr ? "" : link->name, ear.family, dropping});
}

std::optional<Instant> Hearing::deadline() const {
  Instant first = complaints_due_;
  for (const auto& [fd, ear] : ears_) first = std::min(first, ear.probe.at);
  if (first == INT64_MAX) return std::nullopt;
  return first;
}

std::uint64_t Hearing::dropped() {
  std::uint64_t total = dropped_before_;
  for (auto& [fd, ear] : ears_) total += ear.receiver.dropped();
  return total;
}

}  // namespace holdfast
