// The standing orders: what the policy decided in advance, and when it is due. Pure: no socket, no
// clock; time is an argument, effects go out through Hands. The plane runs it against the kernel,
// the simulator against a virtual network. It decides nothing about who should be master: it
// measures silence, repeats adverts, and gives way by the rule it was handed.
#pragma once

#include <optional>
#include <queue>
#include <vector>

#include "contract.hpp"

namespace holdfast {

// What standing orders can do to the world. Called in the order in which things must happen.
class Hands {
 public:
  Hands() = default;
  Hands(const Hands&) = delete;
  Hands& operator=(const Hands&) = delete;
  virtual ~Hands() = default;
  virtual void send_advert(InstanceId instance, std::uint8_t priority) = 0;
  virtual void claim(InstanceId instance) = 0;
  virtual void release(InstanceId instance) = 0;
  // Gratuitous ARP or unsolicited NA of every held address, `rounds` times over.
  virtual void announce(InstanceId instance, std::uint32_t rounds) = 0;
  virtual void report(Event event) = 0;
};

class StandingOrders {
 public:
  explicit StandingOrders(Hands& hands) : hands_(hands) {}

  void open(const Open& order, Instant now);
  void close(InstanceId instance, Instant now);
  void advertise(const Advertise& order, Instant now);
  void watch(const Watch& order);
  void resign(InstanceId instance, Instant now);
  // Ignored when it is over already: a stalled control plane renews with old times.
  void lease(Instant until, Instant now);

  // An advert that passed every receive check.
  // `at`: when it arrived, which silence is measured from. `now`: when we act on it.
  void heard(InstanceId instance, const AdvertFacts& advert, Instant at, Instant now);
  // The same advert as the last one of this instance, to the octet: re-arm and count.
  void heard_again(InstanceId instance, Instant at, Instant now);
  // The whole machine slept for that long: it was neither JS's fault nor a master's silence.
  void overslept(Duration gap, Instant now);
  // Carry out all that is due. Sockets must have been drained before.
  void expire(Instant now);
  // When expire() has something to do; may be early, never late.
  [[nodiscard]] std::optional<Instant> deadline();

  [[nodiscard]] bool holds(InstanceId instance) const;
  // An interface is back or a link moved: tell the neighbours again.
  void announce_again(InstanceId instance);

 private:
  enum class Role : std::uint8_t { Closed, Idle, Watching, Advertising, Listening, Offering };

  // The last advert that counts: what silence is measured from.
  struct Evidence {
    Instant at = 0;
    Duration interval = 0;
    IpAddress source;
    bool resigned = false;  // it was a priority 0
    bool any = false;
  };

  struct Post {
    Role role = Role::Closed;
    std::uint32_t turn = 0;
    Instant listening = 0;  // since when it could hear: before that silence proves nothing
    IpAddress source;
    Garp garp;
    AdvertTerms terms;
    bool at_one = false;  // the lease lapsed and nobody wanted the address: held at priority 1
    WatchMember watch;
    std::size_t unit = kNone;
    bool attends = false;  // has an order, or had one until the plane itself ended it
    Evidence evidence;
    AdvertFacts last;                 // as last heard
    bool counted = false;             // whether `last` re-arms the watch
    std::optional<AdvertFacts> told;  // as last reported
    bool untold = false;
    std::uint32_t tokens = kReportBurstMax;
    Instant tokens_at = 0;
    Instant next_advert = kNever;
    Instant mute_until = kNever;  // Listening, Offering: when the role ends
    Instant second_burst = kNever;
    std::uint32_t second_rounds = 0;
    Instant refresh = kNever;
    Instant answered = 0;
    Instant announced = 0;
    Instant queued = kNever;
  };

  struct Unit {
    std::vector<InstanceId> members;
    Instant since = 0;
    Instant queued = kNever;
    bool last_resort = false;  // gave way without a policy: offers again when nobody else is there
  };

  struct Entry {
    Instant due;
    bool is_unit;
    std::size_t index;
    bool operator>(const Entry& other) const { return due > other.due; }
  };

  static constexpr std::size_t kNone = SIZE_MAX;
  static constexpr Instant kNever = INT64_MAX;
  static constexpr std::uint32_t kReportBurstMax = 10;
  static constexpr Duration kReportEvery = 100'000;
  // Answering and announcing on a losing advert are bounded: a forged flood must not be echoed.
  static constexpr Duration kAnswerEveryMax = 100'000;
  static constexpr Duration kAnnounceEvery = 1'000'000;

  Post* find(InstanceId instance);
  [[nodiscard]] const Post* find(InstanceId instance) const;
  static bool masterly(const Post& post);
  static Duration skew(const WatchMember& watch, Duration interval);
  [[nodiscard]] Instant silent_at(const Post& post, const Unit& unit) const;
  [[nodiscard]] Instant unit_due(const Unit& unit) const;
  [[nodiscard]] Instant post_due(const Post& post) const;
  void queue(InstanceId instance);
  void queue_unit(std::size_t index);
  void disband(std::size_t index);
  std::size_t free_unit();
  static void stand_down(Post& post, Instant now);

  void start(InstanceId instance, const AdvertTerms& terms, Instant now);
  void settle(InstanceId instance, Instant now);
  void take_over(std::size_t unit, Instant now, Instant due);
  void give_way(InstanceId instance, const AdvertFacts& advert, Instant at, Instant now);
  void answer(InstanceId instance, Instant now);
  void reassert(InstanceId instance, Instant now);
  void heard_as_backup(Post& post, const AdvertFacts& advert, Instant at);
  void heard_as_master(InstanceId instance, const AdvertFacts& advert, Instant at, Instant now);
  void tell(InstanceId instance, Instant now);
  void lapse(Instant now);
  void offer(InstanceId instance, Instant now);
  void watch_again(const std::vector<InstanceId>& members, Instant now);
  void expire_post(InstanceId instance, Instant now);
  void expire_advert(InstanceId instance, Instant now);
  static bool listen_after_silence(Post& post, Instant now);

  Hands& hands_;
  std::vector<Post> posts_;
  std::vector<Unit> units_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::uint32_t turn_ = 0;
  Instant lease_until_ = kNever;
  bool lapsed_ = false;
};

}  // namespace holdfast
