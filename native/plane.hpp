// The data plane: one thread that owns every socket and timer. It carries out commands, hears
// adverts, keeps standing orders on time, and reports. In a wake always in this order: commands,
// sockets until empty, then timers, so that no silence is judged before what was said is read.
// Adverts go before addresses, addresses before announcements; long work is done in slices.
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "address_keeper.hpp"
#include "advertiser.hpp"
#include "announcer.hpp"
#include "contract.hpp"
#include "hearing.hpp"
#include "mailbox.hpp"
#include "net/timer.hpp"
#include "net/wake_fd.hpp"
#include "outbox.hpp"
#include "standing_orders.hpp"

namespace holdfast {

struct Counters {
  std::uint64_t adverts_sent = 0;
  std::uint64_t adverts_received = 0;
  std::uint64_t announcements_sent = 0;
  std::uint64_t receive_dropped = 0;
  std::array<std::uint64_t, kRejections.size()> rejected{};
  std::uint64_t events_lost = 0;
  Duration advert_late_max = 0;
};

class Plane final : private Hands, private AddressKeeper::Listener {
 public:
  struct Options {
    bool realtime = true;
  };

  // [js] `ring` is called on the plane's thread when events wait and nobody has been told.
  static Result<std::unique_ptr<Plane>> start(Options options, std::function<void()> ring);
  // [js] Resigns everything, lets go of all addresses, and joins.
  ~Plane() override;

  // [js]
  void submit(std::vector<Command> commands);
  // [js] Everything reported so far.
  std::vector<Event> drain();
  // [js]
  [[nodiscard]] Counters counters() const;
  // [js]
  void stop();

 private:
  struct Parts;
  static constexpr std::size_t kReadyMax = 64;
  // Adverts of many instances come in bursts, each with the time of its arrival: reading a burst at
  // once is far cheaper than waking for each. Timers do not wait for it: they read first.
  static constexpr Duration kRest = 1000;
  // Waking later than this after the alarm is worth a report: no scheduler is that slow by itself.
  static constexpr Duration kGapMin = 20'000;

  Plane(std::unique_ptr<Parts> parts, Options options, std::function<void()> ring);

  // All below: [plane]
  void run();
  void become_realtime();
  void wait(bool busy);
  void read_sockets();
  void rest(int fd);
  void wake_rested(Instant now);
  void obey(std::vector<Command> commands);
  void open(const Open& order);
  void close(InstanceId instance);
  void read_netlink();
  void dump();
  void report_interfaces();
  void expire();
  bool work();
  void arm();
  void publish();
  void emit(Event event);
  void fail(std::optional<InstanceId> instance, const std::string& what, int error);
  [[nodiscard]] std::vector<std::uint32_t> indexes(const std::vector<HeldAddress>& list) const;

  void send_advert(InstanceId instance, std::uint8_t priority) override;
  void claim(InstanceId instance) override;
  void release(InstanceId instance) override;
  void announce(InstanceId instance, std::uint32_t rounds) override;
  void report(Event event) override;
  void restored(InstanceId instance, const IpAddress& address, std::uint64_t count) override;
  void refused(InstanceId instance, std::string what, int error) override;

  std::unique_ptr<Parts> parts_;
  Options options_;
  Outbox outbox_;
  Letters<Command> letters_;
  std::atomic<bool> stopping_{false};
  std::vector<epoll_event> ready_;
  std::vector<int> resting_;  // ears that are not listened to until `rest_until_`
  std::optional<Instant> rest_until_;
  Instant heard_at_ = 0;
  std::optional<Instant> alarm_;
  std::optional<Instant> planned_;
  std::vector<InstanceId> open_;
  Duration late_max_ = 0;
  Instant dropped_read_at_ = 0;
  Duration gap_max_ = 0;  // the worst since a gap was told
  Instant gap_told_ = 0;
  mutable std::atomic_flag publishing_ = ATOMIC_FLAG_INIT;
  Counters published_;
  std::thread thread_;
};

}  // namespace holdfast
