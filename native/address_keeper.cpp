#include "address_keeper.hpp"

#include <algorithm>
#include <utility>

namespace holdfast {

namespace {

constexpr Duration kSecondInMicroseconds = 1'000'000;

std::uint32_t whole_seconds(Duration lifetime) {
  return static_cast<std::uint32_t>((lifetime + kSecondInMicroseconds - 1) / kSecondInMicroseconds);
}

bool same_place(const HeldAddress& a, std::uint32_t a_index, const HeldAddress& b,
                std::uint32_t b_index) {
  return a_index == b_index && a.address == b.address && a.prefix == b.prefix && a.peer == b.peer;
}

}  // namespace

void AddressKeeper::add(InstanceId instance, const Holding& holding, const Slot& slot) {
  if (slot.index == 0) {
    listener_.refused(
        instance, "claim " + slot.address.address.text() + ": no interface " + slot.address.device,
        ENODEV);
    return;
  }
  if (removals_ > 0) {
    // One instance lets it go and another takes it, in one reload: it must not leave in between.
    removals_ -= std::erase_if(jobs_, [&](const Job& job) {
      return job.op == AddressChange::Op::Remove &&
             same_place(job.address, job.index, slot.address, slot.index);
    });
  }
  jobs_.push_back({AddressChange::Op::Add, instance, slot.index, whole_seconds(holding.lifetime),
                   slot.address});
}

void AddressKeeper::remove(InstanceId instance, const Slot& slot) {
  if (slot.index == 0 || held_by_another(instance, slot)) return;
  jobs_.push_back({AddressChange::Op::Remove, instance, slot.index, 0, slot.address});
  ++removals_;
}

void AddressKeeper::disown(InstanceId instance, const Slot& slot) {
  const auto owner = owners_.find({slot.index, slot.address.address});
  if (owner != owners_.end() && owner->second.instance == instance) owners_.erase(owner);
}

bool AddressKeeper::held_by_another(InstanceId instance, const Slot& slot) const {
  const auto owner = owners_.find({slot.index, slot.address.address});
  if (owner == owners_.end() || owner->second.instance == instance) return false;
  const Slot& other = holdings_.at(owner->second.instance).slots[owner->second.slot];
  return same_place(other.address, other.index, slot.address, slot.index);
}

void AddressKeeper::define(InstanceId instance, const std::vector<HeldAddress>& addresses,
                           const std::vector<std::uint32_t>& indexes, Duration lifetime,
                           Instant now) {
  due_known_ = false;
  Holding& holding = holdings_[instance];
  const std::vector<Slot> before = std::move(holding.slots);
  const bool relet = std::exchange(holding.lifetime, lifetime) != lifetime;
  const auto find = [](const std::vector<Slot>& slots, const HeldAddress& address,
                       std::uint32_t index) {
    return std::find_if(slots.begin(), slots.end(), [&](const Slot& slot) {
      return same_place(slot.address, slot.index, address, index);
    });
  };
  holding.slots.clear();
  std::vector<bool> changed;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto old = find(before, addresses[i], indexes[i]);
    Slot slot = old == before.end() ? Slot{} : *old;
    changed.push_back(relet || old == before.end() || old->address != addresses[i]);
    slot.address = addresses[i];
    slot.index = indexes[i];
    holding.slots.push_back(slot);
  }
  if (!holding.held) return;
  for (const Slot& slot : before) disown(instance, slot);
  for (std::size_t i = 0; i < holding.slots.size(); ++i) {
    const Slot& slot = holding.slots[i];
    owners_[{slot.index, slot.address.address}] = {instance, i};
    if (changed[i] && !slot.dropped) add(instance, holding, slot);
  }
  for (const Slot& slot : before) {
    if (find(holding.slots, slot.address, slot.index) == holding.slots.end()) {
      remove(instance, slot);
    }
  }
  if (relet) holding.refresh_at = lifetime > 0 ? now + lifetime / 3 : INT64_MAX;
}

void AddressKeeper::forget(InstanceId instance) {
  release(instance);
  holdings_.erase(instance);
}

void AddressKeeper::claim(InstanceId instance, Instant now) {
  const auto found = holdings_.find(instance);
  if (found == holdings_.end()) return;
  due_known_ = false;
  Holding& holding = found->second;
  holding.held = true;
  for (std::size_t i = 0; i < holding.slots.size(); ++i) {
    Slot& slot = holding.slots[i];
    slot.lost = slot.dropped = false;
    owners_[{slot.index, slot.address.address}] = {instance, i};
    add(instance, holding, slot);
  }
  holding.refresh_at = holding.lifetime > 0 ? now + holding.lifetime / 3 : INT64_MAX;
}

void AddressKeeper::release(InstanceId instance) {
  const auto found = holdings_.find(instance);
  if (found == holdings_.end() || !found->second.held) return;
  due_known_ = false;
  Holding& holding = found->second;
  holding.held = false;
  holding.refresh_at = INT64_MAX;
  for (const Slot& slot : holding.slots) {
    disown(instance, slot);
    remove(instance, slot);
  }
}

void AddressKeeper::sweep(InstanceId instance, const InterfaceTable& table) {
  const auto found = holdings_.find(instance);
  if (found == holdings_.end() || found->second.held) return;
  for (const Slot& slot : found->second.slots) {
    if (table.has(slot.index, slot.address.address)) remove(instance, slot);
  }
}

bool AddressKeeper::work() {
  if (jobs_.empty()) return false;
  slice_.clear();
  errors_.clear();
  // The kernel takes far longer over an IPv6 address, and adverts wait for the slice.
  const bool slow = jobs_.front().address.address.family == 6;
  const std::size_t count =
      std::min(jobs_.size(), slow ? Netlink::kIpv6SliceMax : Netlink::kBatchMax);
  for (std::size_t i = 0; i < count; ++i) {
    const Job& job = jobs_[i];
    if (job.op == AddressChange::Op::Remove) --removals_;
    slice_.push_back({job.op, job.index, &job.address, job.valid_seconds, i});
  }
  const Status status = netlink_.apply(slice_, errors_);
  if (!status) {
    listener_.refused(jobs_.front().instance, status.error().what, status.error().code);
  }
  for (const AddressError& error : errors_) {
    const Job& job = jobs_[error.cookie];
    const char* verb = job.op == AddressChange::Op::Add ? "claim " : "release ";
    std::string what = verb + job.address.address.text() + "/" +
                       std::to_string(job.address.prefix) + " on " + job.address.device;
    if (!error.text.empty()) what += ": " + error.text;
    listener_.refused(job.instance, std::move(what), error.code);
  }
  jobs_.erase(jobs_.begin(), jobs_.begin() + static_cast<std::ptrdiff_t>(count));
  return !jobs_.empty();
}

void AddressKeeper::expire(Instant now) {
  const std::optional<Instant> due = deadline();
  if (!due || *due > now) return;
  due_known_ = false;
  for (auto& [instance, holding] : holdings_) {
    if (holding.refresh_at <= now) {
      holding.refresh_at = now + holding.lifetime / 3;
      for (const Slot& slot : holding.slots) {
        if (!slot.dropped && !slot.lost && slot.index != 0) add(instance, holding, slot);
      }
    }
  }
  if (!anything_lost_) return;
  anything_lost_ = false;
  for (auto& [instance, holding] : holdings_) {
    for (Slot& slot : holding.slots) {
      if (!slot.lost || !holding.held) continue;
      if (slot.restore_at <= now) {
        restore(instance, holding, slot, now);
      } else {
        anything_lost_ = true;
      }
    }
  }
}

void AddressKeeper::restore(InstanceId instance, Holding& holding, Slot& slot, Instant now) {
  slot.lost = false;
  slot.restored_at = now;
  ++slot.count;
  add(instance, holding, slot);
  if (now - slot.told_at < kTellEvery) return;
  slot.told_at = now;
  listener_.restored(instance, slot.address.address, slot.count);
  slot.count = 0;
}

std::optional<Instant> AddressKeeper::deadline() {
  if (!due_known_) {
    due_ = earliest();
    due_known_ = true;
  }
  if (due_ == INT64_MAX) return std::nullopt;
  return due_;
}

Instant AddressKeeper::earliest() const {
  Instant first = INT64_MAX;
  for (const auto& [instance, holding] : holdings_) {
    first = std::min(first, holding.refresh_at);
    if (!anything_lost_ || !holding.held) continue;
    for (const Slot& slot : holding.slots) {
      if (slot.lost) first = std::min(first, slot.restore_at);
    }
  }
  return first;
}

AddressKeeper::Slot* AddressKeeper::held_slot(const AddressFacts& facts) {
  const auto owner = owners_.find({facts.index, facts.address});
  if (owner == owners_.end()) return nullptr;
  return &holdings_[owner->second.instance].slots[owner->second.slot];
}

bool AddressKeeper::address_seen(const AddressFacts& facts) {
  Slot* slot = held_slot(facts);
  if (slot == nullptr) return false;
  slot->lost = false;
  return true;
}

bool AddressKeeper::address_lost(const AddressFacts& facts) {
  Slot* slot = held_slot(facts);
  if (slot == nullptr) return false;
  if (!slot->address.track) {
    slot->dropped = true;
    return true;
  }
  // keepalived gives up mastership here, and all addresses for a while; one add is enough.
  slot->lost = true;
  slot->restore_at = slot->restored_at + kRestoreEvery;
  anything_lost_ = true;
  due_known_ = false;
  return true;
}

}  // namespace holdfast
