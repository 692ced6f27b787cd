// The host's links and their own addresses, as netlink tells them, and what of that changed since
// JS was last told. VIPs that we hold are not an interface's own: the keeper hears of those.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "contract.hpp"
#include "net/netlink_facts.hpp"

namespace holdfast {

// Who keeps addresses on the machine and wants to know when one comes or goes.
class AddressWatcher {
 public:
  AddressWatcher() = default;
  AddressWatcher(const AddressWatcher&) = delete;
  AddressWatcher& operator=(const AddressWatcher&) = delete;
  virtual ~AddressWatcher() = default;
  // Whether it is one of ours.
  virtual bool address_seen(const AddressFacts& facts) = 0;
  virtual bool address_lost(const AddressFacts& facts) = 0;
};

class InterfaceTable final : public NetlinkSink {
 public:
  explicit InterfaceTable(AddressWatcher& watcher) : watcher_(watcher) {}

  [[nodiscard]] const LinkFacts* find(std::uint32_t index) const;
  [[nodiscard]] const LinkFacts* find(const std::string& name) const;
  // Whether the address is on that interface, whoever put it there.
  [[nodiscard]] bool has(std::uint32_t index, const IpAddress& address) const;

  // Around a dump: what the dump did not mention is gone.
  void begin_dump();
  void end_dump();

  // JS may have missed something: report all as if it knew nothing.
  void tell_again();

  // Reports each interface that is not as last reported; tells `raised` of links that came up.
  void report(const std::function<void(EventBody)>& emit,
              const std::function<void(std::uint32_t)>& raised);

  void link(const LinkFacts& facts) override;
  void link_gone(std::uint32_t index) override;
  void address(const AddressFacts& facts) override;
  void address_gone(const AddressFacts& facts) override;

 private:
  struct Own {
    IpAddress address;
    bool usable = false;
    bool ours = false;
    std::uint32_t dump = 0;
  };
  struct Entry {
    LinkFacts link;
    std::vector<Own> addresses;
    std::uint32_t dump = 0;
    bool dirty = true;
    bool was_up = false;
    std::string told_name;
    InterfaceChanged told;
  };

  AddressWatcher& watcher_;
  std::map<std::uint32_t, Entry> entries_;
  std::vector<std::string> gone_;
  std::uint32_t dump_ = 0;
  bool dirty_ = false;
};

}  // namespace holdfast
