// From sockets to checked adverts: one ear for each interface and family that has instances. What
// passes goes to the standing orders; what fails is counted by kind and reported thinned, so that
// 50,000 forged adverts a second are a number and not a load. Also notices a deaf firewall.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "contract.hpp"
#include "interface_table.hpp"
#include "net/advert_socket.hpp"
#include "net/clock.hpp"
#include "net/kernel_listener.hpp"
#include "standing_orders.hpp"
#include "wire/vrrp.hpp"

namespace holdfast {

class Hearing {
 public:
  using Emit = std::function<void(Instant, EventBody)>;
  // Called with the fd of a new ear, and with that of one about to close.
  using Watch = std::function<void(int fd, bool open)>;

  Hearing(StandingOrders& orders, const InterfaceTable& table, Emit emit, Watch watch);

  Status open(const Open& order, std::uint32_t index, Instant now);
  void close(InstanceId instance);
  // Memberships do not survive every way of going down.
  void link_raised(std::uint32_t index);

  // Reads one ear until it is empty. False: nobody listens there.
  bool read(int fd);
  // Before a silence is judged: everything that has been said.
  void read_all();
  void expire(Instant now);
  [[nodiscard]] std::optional<Instant> deadline() const;

  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t dropped();
  [[nodiscard]] const std::array<std::uint64_t, kRejections.size()>& rejected() const {
    return rejected_;
  }

 private:
  // Thinned reports of one reason: the first at once, then one in a second with the count.
  struct Complaint {
    AdvertRejected event;
    Instant next = 0;
  };
  // Does the host's firewall let adverts through? Counted over a few adverts now and then.
  struct Probe {
    bool open = false;
    bool dropping = false;
    std::uint32_t heard = 0;
    std::uint32_t passed = 0;
    Instant at = 0;  // when the next one begins, or this one is judged at the earliest
  };
  struct Station {
    Open order;
    Expectation expectation;
    std::vector<std::uint8_t> last;  // the last accepted message, to the octet
    IpAddress last_source;
    IpAddress last_destination;
    std::uint8_t last_ttl = 0;
  };
  struct Ear {
    std::uint32_t index = 0;
    std::uint8_t family = 4;
    AdvertReceiver receiver;
    KernelListener kernel;
    std::array<std::unique_ptr<Station>, 256> stations;
    std::size_t count = 0;
    std::map<IpAddress, std::size_t> groups;
    std::array<Complaint, kRejections.size()> complaints;
    Probe probe;
  };
  struct Place {
    int fd = -1;
    std::uint8_t vrid = 0;
    IpAddress group;
  };

  static constexpr std::size_t kReadMax = 4096;  // in one wake: timers must have their turn
  static constexpr Duration kComplainEvery = 1'000'000;
  static constexpr Duration kProbeEvery = 10'000'000;
  static constexpr Duration kProbeFor = 200'000;
  static constexpr std::uint32_t kProbeAdverts = 3;

  bool reopen(const Open& order, std::uint32_t index);
  Result<Ear*> ear_for(std::uint32_t index, std::uint8_t family, Instant now);
  void empty(Ear& ear);
  void hear(Ear& ear, const Received& received);
  void judge(Ear& ear, Station& station, const Packet& packet, Instant at);
  bool admitted(Ear& ear, const Station& station, const Packet& packet, Instant at);
  void reject(Ear& ear, const Station* station, const Packet& packet, Rejection reason,
              std::uint32_t got, std::uint32_t expected, Instant at);
  void judge_firewall(Ear& ear, Instant now);

  StandingOrders& orders_;
  const InterfaceTable& table_;
  Emit emit_;
  Watch watch_;
  std::map<int, Ear> ears_;
  std::map<InstanceId, Place> places_;
  std::array<Received, AdvertReceiver::kBatchMax> batch_;
  std::array<std::uint64_t, kRejections.size()> rejected_{};
  std::uint64_t received_ = 0;
  Instant now_ = 0;  // when the batch at hand is read
  Instant complaints_due_ = INT64_MAX;
  std::uint64_t dropped_before_ = 0;  // by ears that are closed
};

}  // namespace holdfast
