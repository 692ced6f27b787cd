#include "interface_table.hpp"

#include <linux/if_addr.h>

#include <algorithm>

namespace holdfast {

namespace {

bool same(const InterfaceChanged& a, const InterfaceChanged& b) {
  return a.interface == b.interface && a.index == b.index && a.up == b.up && a.mtu == b.mtu &&
         a.addresses == b.addresses;
}

}  // namespace

const LinkFacts* InterfaceTable::find(std::uint32_t index) const {
  const auto found = entries_.find(index);
  return found == entries_.end() ? nullptr : &found->second.link;
}

const LinkFacts* InterfaceTable::find(const std::string& name) const {
  for (const auto& [index, entry] : entries_) {
    if (entry.link.name == name) return &entry.link;
  }
  return nullptr;
}

bool InterfaceTable::has(std::uint32_t index, const IpAddress& address) const {
  const auto found = entries_.find(index);
  if (found == entries_.end()) return false;
  return std::any_of(found->second.addresses.begin(), found->second.addresses.end(),
                     [&](const Own& own) { return own.address == address; });
}

void InterfaceTable::begin_dump() { ++dump_; }

void InterfaceTable::end_dump() {
  std::vector<std::uint32_t> lost;
  for (auto& [index, entry] : entries_) {
    if (entry.dump != dump_) {
      lost.push_back(index);
      continue;
    }
    std::vector<AddressFacts> missing;
    for (const Own& own : entry.addresses) {
      if (own.dump == dump_) continue;
      AddressFacts facts;
      facts.index = index;
      facts.address = own.address;
      missing.push_back(facts);
    }
    for (const AddressFacts& facts : missing) address_gone(facts);
  }
  for (const std::uint32_t index : lost) link_gone(index);
}

void InterfaceTable::link(const LinkFacts& facts) {
  Entry& entry = entries_[facts.index];
  entry.link = facts;
  entry.dump = dump_;
  entry.dirty = dirty_ = true;
}

void InterfaceTable::link_gone(std::uint32_t index) {
  const auto found = entries_.find(index);
  if (found == entries_.end()) return;
  if (!found->second.told_name.empty()) gone_.push_back(found->second.told_name);
  entries_.erase(found);
  dirty_ = true;
}

void InterfaceTable::address(const AddressFacts& facts) {
  const auto found = entries_.find(facts.index);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  const bool ours = watcher_.address_seen(facts);
  const bool usable = (facts.flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
  const auto known = std::find_if(entry.addresses.begin(), entry.addresses.end(),
                                  [&](const Own& own) { return own.address == facts.address; });
  if (known == entry.addresses.end()) {
    entry.addresses.push_back({facts.address, usable, ours, dump_});
    if (!ours) entry.dirty = dirty_ = true;
    return;
  }
  if (known->usable != usable || known->ours != ours) entry.dirty = dirty_ = true;
  *known = {facts.address, usable, ours, dump_};
}

void InterfaceTable::address_gone(const AddressFacts& facts) {
  const auto found = entries_.find(facts.index);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  std::erase_if(entry.addresses, [&](const Own& own) { return own.address == facts.address; });
  if (!watcher_.address_lost(facts)) entry.dirty = dirty_ = true;
}

void InterfaceTable::tell_again() {
  for (auto& [index, entry] : entries_) {
    entry.told = {};
    entry.dirty = dirty_ = true;
  }
}

void InterfaceTable::report(const std::function<void(EventBody)>& emit,
                            const std::function<void(std::uint32_t)>& raised) {
  if (!dirty_) return;
  dirty_ = false;
  for (const std::string& name : gone_) emit(InterfaceGone{name});
  gone_.clear();
  for (auto& [index, entry] : entries_) {
    if (!entry.dirty) continue;
    entry.dirty = false;
    const LinkFacts& link = entry.link;
    InterfaceChanged now{link.name, index, link.up, link.mtu, {}};
    for (const Own& own : entry.addresses) {
      if (own.usable && !own.ours) now.addresses.push_back(own.address);
    }
    if (link.up && !entry.was_up) raised(index);
    entry.was_up = link.up;
    if (!entry.told_name.empty() && same(now, entry.told)) continue;
    if (!entry.told_name.empty() && entry.told_name != link.name) {
      emit(InterfaceGone{entry.told_name});
    }
    entry.told = now;
    entry.told_name = link.name;
    emit(std::move(now));
  }
}

}  // namespace holdfast
