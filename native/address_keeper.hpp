// Holds virtual addresses in the kernel: adds, refreshes, puts back what somebody removes, takes
// away. Addresses are leased from the kernel, so that a dead daemon leaves none behind. Works in
// slices, so that adverts never wait for a long list.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "contract.hpp"
#include "interface_table.hpp"
#include "net/netlink.hpp"

namespace holdfast {

class AddressKeeper final : public AddressWatcher {
 public:
  // What the keeper tells: an address put back, or one that the kernel refused.
  class Listener {
   public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    virtual void restored(InstanceId instance, const IpAddress& address, std::uint64_t count) = 0;
    virtual void refused(InstanceId instance, std::string what, int error) = 0;
  };

  AddressKeeper(Netlink& netlink, Listener& listener) : netlink_(netlink), listener_(listener) {}

  // The list that this instance holds or will hold. While it holds, new ones are added first and
  // missing ones removed after; what stays as it is, is not touched, and what another instance
  // holds too is not removed. `indexes` are those of the devices, 0 for one that is not there.
  void define(InstanceId instance, const std::vector<HeldAddress>& addresses,
              const std::vector<std::uint32_t>& indexes, Duration lifetime, Instant now);
  void forget(InstanceId instance);
  void claim(InstanceId instance, Instant now);
  void release(InstanceId instance);
  // Removes leftovers of an earlier life: those of the list that are on the machine.
  void sweep(InstanceId instance, const InterfaceTable& table);

  // One slice of work at the most. True while there is more.
  bool work();
  [[nodiscard]] bool idle() const { return jobs_.empty(); }
  void expire(Instant now);
  [[nodiscard]] std::optional<Instant> deadline();

  bool address_seen(const AddressFacts& facts) override;
  bool address_lost(const AddressFacts& facts) override;

 private:
  struct Slot {
    HeldAddress address;
    std::uint32_t index = 0;
    bool lost = false;     // somebody removed it; to be put back
    bool dropped = false;  // no_track: somebody removed it, and it stays so
    Instant restore_at = 0;
    Instant restored_at = 0;
    Instant told_at = 0;
    std::uint64_t count = 0;
  };
  struct Holding {
    std::vector<Slot> slots;
    Duration lifetime = 0;
    bool held = false;
    Instant refresh_at = INT64_MAX;
  };
  struct Job {
    AddressChange::Op op = AddressChange::Op::Add;
    InstanceId instance = 0;
    std::uint32_t index = 0;
    std::uint32_t valid_seconds = 0;
    HeldAddress address;
  };
  struct Key {
    std::uint32_t index = 0;
    IpAddress address;
    auto operator<=>(const Key&) const = default;
  };

  struct Owner {
    InstanceId instance = 0;
    std::size_t slot = 0;
  };

  // Somebody fighting over an address must not cost us the machine.
  static constexpr Duration kRestoreEvery = 100'000;
  static constexpr Duration kTellEvery = 1'000'000;

  void add(InstanceId instance, const Holding& holding, const Slot& slot);
  void remove(InstanceId instance, const Slot& slot);
  void disown(InstanceId instance, const Slot& slot);
  [[nodiscard]] bool held_by_another(InstanceId instance, const Slot& slot) const;
  [[nodiscard]] Instant earliest() const;
  Slot* held_slot(const AddressFacts& facts);
  void restore(InstanceId instance, Holding& holding, Slot& slot, Instant now);

  Netlink& netlink_;
  Listener& listener_;
  std::map<InstanceId, Holding> holdings_;
  std::map<Key, Owner> owners_;  // addresses of those that hold
  std::deque<Job> jobs_;
  std::size_t removals_ = 0;  // of the jobs
  std::vector<AddressChange> slice_;
  std::vector<AddressError> errors_;
  bool anything_lost_ = false;
  Instant due_ = INT64_MAX;  // kept, since it is asked at every wake
  bool due_known_ = false;
};

}  // namespace holdfast
