// Adverts, ready to leave: encoded once, sent often. Collects what falls due in one wake and sends
// it with one system call. When to send is the standing orders' business.
#pragma once

#include <map>
#include <vector>

#include "contract.hpp"
#include "net/sender.hpp"
#include "wire/vrrp.hpp"

namespace holdfast {

class Advertiser {
 public:
  explicit Advertiser(Sender& sender) : sender_(sender) {}

  void define(const Open& order, std::uint32_t index);
  void forget(InstanceId instance);
  // Into the batch, with this priority.
  void queue(InstanceId instance, std::uint8_t priority);
  // Sends the batch. Failures are kept for take_errors().
  void flush();

  struct Failure {
    InstanceId instance = 0;
    int code = 0;
  };
  // Since the last call.
  std::vector<Failure> take_errors() { return std::exchange(failures_, {}); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  struct Letter {
    IpAddress destination;
    std::vector<std::uint8_t> packet;  // from the IP header on
  };
  struct Instance {
    Open order;
    std::uint32_t index = 0;
    int priority = -1;  // what `letters` say; -1: not encoded
    int queued = -1;    // the priority with which it stands in the batch; -1: it does not
    std::uint16_t id = 0;
    std::vector<Letter> letters;
  };
  struct Item {
    InstanceId instance = 0;
    std::uint8_t priority = 0;
  };

  void encode_letters(Instance& instance, std::uint8_t priority) const;
  void number(Instance& instance);

  Sender& sender_;
  std::vector<Instance> instances_;
  std::vector<Item> batch_;
  std::vector<Frame> frames_;
  std::vector<InstanceId> frame_owners_;
  std::vector<Datagram> datagrams_;
  std::vector<InstanceId> datagram_owners_;
  std::vector<SendError> errors_;
  std::vector<Failure> failures_;
  std::uint64_t sent_ = 0;
};

}  // namespace holdfast
