#include "plane.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "net/clock.hpp"

namespace holdfast {

namespace {

constexpr int kRealtimePriority = 50;
// A bug that spins must be killed and restarted, not take a processor for ever.
constexpr rlim_t kRealtimeLimitMax = 1'500'000;
constexpr Duration kTellEvery = 1'000'000;

void control(int epoll, int fd, int operation, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll, operation, fd, &event);
}

}  // namespace

// What the thread owns; `Plane` itself is the way in.
struct Plane::Parts {
  UniqueFd epoll;
  WakeFd bell;
  Timer timer;
  Netlink netlink;
  Sender sender;
  // In the order of construction: each may use those above.
  std::unique_ptr<AddressKeeper> keeper;
  std::unique_ptr<InterfaceTable> table;
  std::unique_ptr<Advertiser> advertiser;
  std::unique_ptr<Announcer> announcer;
  std::unique_ptr<StandingOrders> orders;
  std::unique_ptr<Hearing> hearing;

  void watch(int fd, bool on) const {
    control(epoll.get(), fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, EPOLLIN);
  }
  void listen(int fd, bool on) const {
    control(epoll.get(), fd, EPOLL_CTL_MOD, on ? static_cast<std::uint32_t>(EPOLLIN) : 0U);
  }
};

Result<std::unique_ptr<Plane>> Plane::start(Options options, std::function<void()> ring) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return last_error("epoll_create1");
  Result<WakeFd> bell = WakeFd::open();
  if (!bell) return bell.error();
  Result<Timer> timer = Timer::open();
  if (!timer) return timer.error();
  Result<Netlink> netlink = Netlink::open();
  if (!netlink) return netlink.error();
  Result<Sender> sender = Sender::open();
  if (!sender) return sender.error();
  std::unique_ptr<Parts> parts(new Parts{std::move(epoll), std::move(*bell), std::move(*timer),
                                         std::move(*netlink), std::move(*sender), nullptr, nullptr,
                                         nullptr, nullptr, nullptr, nullptr});
  return std::unique_ptr<Plane>(new Plane(std::move(parts), options, std::move(ring)));
}

Plane::Plane(std::unique_ptr<Parts> parts, Options options, std::function<void()> ring)
    : parts_(std::move(parts)), options_(options), outbox_(std::move(ring)) {
  Parts& p = *parts_;
  Hands& hands = *this;
  AddressKeeper::Listener& listener = *this;
  p.keeper = std::unique_ptr<AddressKeeper>(new AddressKeeper(p.netlink, listener));
  p.table = std::make_unique<InterfaceTable>(*p.keeper);
  p.advertiser = std::make_unique<Advertiser>(p.sender);
  p.announcer = std::make_unique<Announcer>(p.sender, *p.table);
  p.orders = std::unique_ptr<StandingOrders>(new StandingOrders(hands));
  p.hearing = std::make_unique<Hearing>(
      *p.orders, *p.table,
      [this](Instant at, EventBody body) {
        emit({at, std::move(body)});
      },
      [&p](int fd, bool on) { p.watch(fd, on); });
  p.watch(p.bell.fd(), true);
  control(p.epoll.get(), p.timer.fd(), EPOLL_CTL_ADD, EPOLLIN | EPOLLET);
  p.watch(p.netlink.monitor_fd(), true);
  thread_ = std::thread([this] { run(); });
}

Plane::~Plane() { stop(); }

void Plane::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  parts_->bell.ring();
  thread_.join();
}

void Plane::submit(std::vector<Command> commands) {
  letters_.post(std::move(commands));
  parts_->bell.ring();
}

std::vector<Event> Plane::drain() { return outbox_.drain(); }

Counters Plane::counters() const {
  while (publishing_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  Counters copy = published_;
  publishing_.clear(std::memory_order_release);
  return copy;
}

// ---- the thread

void Plane::run() {
  pthread_setname_np(pthread_self(), "holdfast-plane");
  become_realtime();
  dump();
  emit({monotonic_now(), Surveyed{}});
  bool busy = false;
  for (;;) {
    wait(busy);
    const bool stopping = stopping_.load(std::memory_order_acquire);
    obey(letters_.take());
    if (stopping) {
      for (const InstanceId instance : std::vector<InstanceId>(open_)) close(instance);
    }
    read_sockets();
    if (outbox_.take_told_loss()) {
      parts_->table->tell_again();
      report_interfaces();
    }
    expire();
    busy = work();
    publish();
    if (stopping && !busy) return;
    arm();
  }
}

void Plane::become_realtime() {
  Scheduled event;
  if (options_.realtime) {
    rlimit limit{};
    if (getrlimit(RLIMIT_RTTIME, &limit) == 0 && limit.rlim_cur > kRealtimeLimitMax) {
      limit.rlim_cur = kRealtimeLimitMax;
      setrlimit(RLIMIT_RTTIME, &limit);
    }
    sched_param parameters{};
    parameters.sched_priority = kRealtimePriority;
    event.realtime = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
    event.error = event.realtime ? 0 : errno;
  }
  // Without real time at least no slack: the default lets timers slip by 50 microseconds.
  if (!event.realtime) prctl(PR_SET_TIMERSLACK, 1);
  emit({monotonic_now(), event});
}

void Plane::wait(bool busy) {
  ready_.resize(kReadyMax);
  const int count =
      epoll_wait(parts_->epoll.get(), ready_.data(), static_cast<int>(kReadyMax), busy ? 0 : -1);
  ready_.resize(count < 0 ? 0U : static_cast<std::size_t>(count));
  // Before looking into the box: what is posted later rings again.
  for (const epoll_event& event : ready_) {
    if (event.data.fd == parts_->bell.fd()) parts_->bell.answer();
  }
  const Instant now = monotonic_now();
  if (!busy && planned_ && now - *planned_ > kGapMin) {
    parts_->orders->overslept(now - *planned_, now);
    gap_max_ = std::max(gap_max_, now - *planned_);
    if (now - gap_told_ < kTellEvery) return;
    gap_told_ = now;
    emit({now, ClockGap{std::exchange(gap_max_, 0)}});
  }
}

void Plane::read_sockets() {
  Parts& p = *parts_;
  for (const epoll_event& event : ready_) {
    const int fd = event.data.fd;
    // The bell is answered; the timer is edge-triggered, and arming it is all it needs.
    if (fd == p.bell.fd() || fd == p.timer.fd()) continue;
    if (fd == p.netlink.monitor_fd()) {
      // While a takeover is under way this is mostly our own echo; it can wait these milliseconds.
      if (p.keeper->idle() && p.announcer->idle()) read_netlink();
    } else if (p.hearing->read(fd)) {
      rest(fd);
    }
  }
}

void Plane::rest(int fd) {
  const Instant now = monotonic_now();
  const bool burst = now - std::exchange(heard_at_, now) < kRest;
  if (!burst) return;
  if (!rest_until_) rest_until_ = now + kRest;
  parts_->listen(fd, false);
  resting_.push_back(fd);
}

void Plane::wake_rested(Instant now) {
  const std::optional<Instant> due = parts_->orders->deadline();
  if (!resting_.empty() && due && *due <= now) parts_->hearing->read_all();
  if (!rest_until_ || *rest_until_ > now) return;
  rest_until_.reset();
  for (const int fd : resting_) parts_->listen(fd, true);
  resting_.clear();
}

void Plane::obey(std::vector<Command> commands) {
  StandingOrders& orders = *parts_->orders;
  for (const Command& command : commands) {
    const Instant now = monotonic_now();
    if (const auto* order = std::get_if<Open>(&command)) open(*order);
    if (const auto* order = std::get_if<Close>(&command)) close(order->instance);
    if (const auto* order = std::get_if<Advertise>(&command)) orders.advertise(*order, now);
    if (const auto* order = std::get_if<Watch>(&command)) orders.watch(*order);
    if (const auto* order = std::get_if<Resign>(&command)) orders.resign(order->instance, now);
    if (const auto* order = std::get_if<Lease>(&command)) orders.lease(order->until, now);
    if (const auto* order = std::get_if<Wake>(&command)) alarm_ = order->at;
  }
}

std::vector<std::uint32_t> Plane::indexes(const std::vector<HeldAddress>& list) const {
  std::vector<std::uint32_t> found;
  for (const HeldAddress& held : list) {
    const LinkFacts* link = parts_->table->find(held.device);
    found.push_back(link == nullptr ? 0 : link->index);
  }
  return found;
}

void Plane::open(const Open& order) {
  Parts& p = *parts_;
  const Instant now = monotonic_now();
  const LinkFacts* link = p.table->find(order.interface);
  const Status heard = link == nullptr ? Status(Error{"no interface " + order.interface, ENODEV})
                                       : p.hearing->open(order, link->index, now);
  if (!heard) {
    // A deaf instance would take over from everybody: it gets no orders at all.
    close(order.instance);
    return emit({now, OpenFailed{order.instance, heard.error().what, heard.error().code}});
  }
  if (std::find(open_.begin(), open_.end(), order.instance) == open_.end()) {
    open_.push_back(order.instance);
  }
  const std::vector<std::uint32_t> devices = indexes(order.addresses);
  p.advertiser->define(order, link->index);
  p.keeper->define(order.instance, order.addresses, devices, order.lifetime, now);
  p.announcer->define(order.instance, order.addresses, devices);
  p.orders->open(order, now);
  if (order.sweep) p.keeper->sweep(order.instance, *p.table);
  const bool held = p.orders->holds(order.instance);
  p.announcer->announce_new(order.instance, held ? order.garp.repeat : 0);
}

void Plane::close(InstanceId instance) {
  Parts& p = *parts_;
  p.orders->close(instance, monotonic_now());
  p.advertiser->flush();
  p.advertiser->forget(instance);
  p.keeper->forget(instance);
  p.announcer->forget(instance);
  p.hearing->close(instance);
  std::erase(open_, instance);
}

void Plane::dump() {
  Parts& p = *parts_;
  p.table->begin_dump();
  const Status dumped = p.netlink.dump(*p.table);
  if (!dumped) fail(std::nullopt, dumped.error().what, dumped.error().code);
  p.table->end_dump();
  report_interfaces();
}

void Plane::read_netlink() {
  const Status read = parts_->netlink.read_monitor(*parts_->table);
  if (!read && read.error().code == ENOBUFS) return dump();
  if (!read) fail(std::nullopt, read.error().what, read.error().code);
  report_interfaces();
}

void Plane::report_interfaces() {
  const Instant now = monotonic_now();
  parts_->table->report(
      [&](EventBody body) {
        emit({now, std::move(body)});
      },
      [&](std::uint32_t index) {
        parts_->hearing->link_raised(index);
        for (const InstanceId instance : open_) {
          parts_->orders->announce_again(instance);
        }
      });
}

void Plane::expire() {
  Parts& p = *parts_;
  const Instant now = monotonic_now();
  wake_rested(now);
  if (planned_ && *planned_ <= now) late_max_ = std::max(late_max_, now - *planned_);
  p.orders->expire(now);
  p.advertiser->flush();
  p.keeper->expire(now);
  p.hearing->expire(now);
  for (const Advertiser::Failure& failure : p.advertiser->take_errors()) {
    // A link that is down or gone has an event of its own.
    if (failure.code == ENETDOWN || failure.code == ENODEV || failure.code == ENXIO) continue;
    fail(failure.instance, "send an advert", failure.code);
  }
  if (alarm_ && *alarm_ <= now) {
    alarm_.reset();
    emit({now, Woken{}});
  }
}

bool Plane::work() {
  Parts& p = *parts_;
  if (!p.keeper->idle()) {
    p.keeper->work();
  } else if (!p.announcer->idle()) {
    p.announcer->work();
  }
  return !p.keeper->idle() || !p.announcer->idle();
}

void Plane::arm() {
  Parts& p = *parts_;
  std::optional<Instant> next = p.orders->deadline();
  for (const std::optional<Instant>& due :
       {p.keeper->deadline(), p.hearing->deadline(), alarm_, rest_until_}) {
    if (due && (!next || *due < *next)) next = due;
  }
  if (next == planned_ && (!next || *next > monotonic_now())) return;
  planned_ = next;
  const Status armed = next ? p.timer.arm(*next) : p.timer.disarm();
  if (!armed) fail(std::nullopt, armed.error().what, armed.error().code);
}

void Plane::publish() {
  // JS may be reading: then the next wake tells it. The plane never waits.
  if (publishing_.test_and_set(std::memory_order_acquire)) return;
  Parts& p = *parts_;
  published_.adverts_sent = p.advertiser->sent();
  published_.adverts_received = p.hearing->received();
  published_.announcements_sent = p.announcer->sent();
  published_.rejected = p.hearing->rejected();
  published_.events_lost = outbox_.lost();
  published_.advert_late_max = late_max_;
  if (monotonic_now() - dropped_read_at_ > kTellEvery) {
    dropped_read_at_ = monotonic_now();
    published_.receive_dropped = p.hearing->dropped();
  }
  publishing_.clear(std::memory_order_release);
}

// ---- reports

void Plane::emit(Event event) { outbox_.emit(std::move(event)); }

void Plane::fail(std::optional<InstanceId> instance, const std::string& what, int error) {
  outbox_.fail(instance, what, error, monotonic_now());
}

void Plane::report(Event event) { emit(std::move(event)); }

void Plane::restored(InstanceId instance, const IpAddress& address, std::uint64_t count) {
  parts_->announcer->announce(instance, 1);
  emit({monotonic_now(), AddressRestored{instance, address, count}});
}

void Plane::refused(InstanceId instance, std::string what, int error) {
  fail(instance, what, error);
}

// ---- hands

void Plane::send_advert(InstanceId instance, std::uint8_t priority) {
  parts_->advertiser->queue(instance, priority);
}

void Plane::claim(InstanceId instance) { parts_->keeper->claim(instance, monotonic_now()); }

void Plane::release(InstanceId instance) {
  parts_->announcer->cancel(instance);
  parts_->keeper->release(instance);
}

void Plane::announce(InstanceId instance, std::uint32_t rounds) {
  parts_->announcer->announce(instance, rounds);
}

}  // namespace holdfast
