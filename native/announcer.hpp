// Tells the neighbours where an address is: gratuitous ARP, or unsolicited NA for IPv6. In rounds:
// every address of everyone once, then all again, in slices so that adverts never wait.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "contract.hpp"
#include "interface_table.hpp"
#include "net/sender.hpp"

namespace holdfast {

class Announcer {
 public:
  Announcer(Sender& sender, const InterfaceTable& table) : sender_(sender), table_(table) {}

  void define(InstanceId instance, const std::vector<HeldAddress>& addresses,
              const std::vector<std::uint32_t>& indexes);
  void forget(InstanceId instance);

  void announce(InstanceId instance, std::uint32_t rounds);
  // Only the addresses that the last define() brought: what a reload adds to a master.
  void announce_new(InstanceId instance, std::uint32_t rounds);
  // What has not been sent yet is not sent.
  void cancel(InstanceId instance);

  // One slice at the most. True while there is more.
  bool work();
  [[nodiscard]] bool idle() const { return rounds_.empty(); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  struct Target {
    std::uint32_t index = 0;
    IpAddress address;
    bool router = false;
    bool fresh = false;
  };
  struct Round {
    InstanceId instance = 0;
    std::uint32_t left = 1;
    std::size_t next = 0;
    std::vector<Target> only;  // these and no others; empty: all of the instance
  };

  static constexpr std::size_t kSliceMax = 64;

  void put(const Target& target);
  void forget_gone(InstanceId instance, const std::vector<Target>& targets);

  Sender& sender_;
  const InterfaceTable& table_;
  std::map<InstanceId, std::vector<Target>> targets_;
  std::deque<Round> rounds_;
  std::vector<Frame> frames_;
  std::vector<std::vector<std::uint8_t>> payloads_;
  std::vector<SendError> errors_;
  std::uint64_t sent_ = 0;
};

}  // namespace holdfast
