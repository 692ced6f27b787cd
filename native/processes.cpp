#include "processes.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "net/clock.hpp"

namespace holdfast {

namespace {

// Where nobody tells: how often to look who is there, and whether those who are still live.
constexpr Duration kPollEvery = 250'000;
constexpr Duration kLookEvery = 100'000;
// Where the kernel tells: it may lack the memory to, and says nothing of that.
constexpr Duration kMistrustEvery = 10'000'000;
// Looking takes one part in so many of a processor at most, however many processes there are.
constexpr Duration kShare = 20;
// In a storm of births and deaths one wake for many; the first after a quiet is heard at once.
constexpr Duration kRest = 1000;

// What epoll says. Serials of watches come behind.
enum Tag : std::uint64_t { kBell, kTimer, kConnector, kCensus, kFirstSerial };

Status enlist(int epoll, int fd, std::uint64_t tag, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) return last_error("epoll_ctl");
  return Done{};
}

void dismiss(int epoll, int fd) { (void)epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr); }

std::size_t pidfds(std::size_t most) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return most;
  return std::min<std::size_t>(most, limit.rlim_cur / 4);
}

std::string describe(const Error& error) { return error.what + ": " + strerror(error.code); }

}  // namespace

struct Processes::Parts {
  UniqueFd epoll;
  WakeFd bell;
  Timer timer;
  ProcessFiles files;
  // Made when the thread begins, which it reports to.
  std::optional<ProcessCensus> census;
};

Result<std::unique_ptr<Processes>> Processes::start(Options options, std::function<void()> ring) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return last_error("epoll_create1");
  Result<WakeFd> bell = WakeFd::open();
  if (!bell) return bell.error();
  Result<Timer> timer = Timer::open();
  if (!timer) return timer.error();
  Result<ProcessFiles> files = ProcessFiles::open();
  if (!files) return files.error();
  if (auto done = enlist(epoll.get(), bell->fd(), kBell, EPOLLIN); !done) return done.error();
  if (auto done = enlist(epoll.get(), timer->fd(), kTimer, EPOLLIN | EPOLLET); !done) {
    return done.error();
  }
  std::unique_ptr<Parts> parts(new Parts{std::move(epoll), std::move(*bell), std::move(*timer),
                                         std::move(*files), std::nullopt});
  std::unique_ptr<Processes> made(new Processes(std::move(parts), options, std::move(ring)));
  const std::size_t most = options.pidfd ? pidfds(kPidfdsMax) : 0;
  Processes* self = made.get();
  Result<ProcessCensus> census =
      ProcessCensus::open(most, [self](int error) { self->refused(error); });
  if (!census) return census.error();
  self->parts_->census = std::move(*census);
  self->rest(false);
  self->thread_ = std::thread([self] { self->run(); });
  return made;
}

Processes::Processes(std::unique_ptr<Parts> parts, Options options, std::function<void()> ring)
    : parts_(std::move(parts)), options_(options), ring_(std::move(ring)) {}

Processes::~Processes() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  parts_->bell.ring();
  thread_.join();
}

void Processes::submit(ProcessesCommand command) {
  std::vector<ProcessesCommand> batch;
  batch.push_back(std::move(command));
  letters_.post(std::move(batch));
  parts_->bell.ring();
}

std::optional<ProcessesReport> Processes::next() {
  ProcessesReport report;
  if (reports_.pop(report)) return report;
  // Armed before the last look: what is pushed after it rings again.
  (void)armed_.exchange(true);
  if (reports_.pop(report)) return report;
  if (starved_.exchange(false)) parts_->bell.ring();
  return std::nullopt;
}

ProcessesCounters Processes::counters() const {
  const auto read = [](const std::atomic<std::uint64_t>& one) {
    return one.load(std::memory_order_relaxed);
  };
  return {read(events_), read(looks_), read(surveys_), read(losses_)};
}

// ---- the thread

void Processes::run() {
  pthread_setname_np(pthread_self(), "holdfast-procs");
  bool busy = false;
  for (;;) {
    wait(busy);
    if (stopping_.load(std::memory_order_acquire)) return;
    obey(letters_.take());
    hear();
    expire();
    busy = work();
    tell();
    arm();
  }
}

void Processes::wait(bool busy) {
  std::array<epoll_event, 64> ready;
  const int count =
      epoll_wait(parts_->epoll.get(), ready.data(), static_cast<int>(ready.size()), busy ? 0 : -1);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t tag = ready[static_cast<std::size_t>(i)].data.u64;
    switch (tag) {
      case kBell:
        parts_->bell.answer();
        break;
      case kTimer:
        break;
      case kConnector:
        births_ = true;
        break;
      case kCensus:
        deaths_ = true;
        break;
      default:
        if (const auto one = watched_.find(tag - kFirstSerial); one != watched_.end()) {
          gone(one->first, one->second.pid());
        }
        break;
    }
  }
}

void Processes::obey(std::vector<ProcessesCommand> commands) {
  for (const ProcessesCommand& command : commands) {
    if (const auto* order = std::get_if<WatchProcess>(&command)) watch(*order);
    if (const auto* order = std::get_if<UnwatchProcess>(&command)) unwatch(order->serial);
    if (const auto* order = std::get_if<CountProcesses>(&command)) count(*order);
  }
}

void Processes::watch(const WatchProcess& order) {
  Parts& p = *parts_;
  std::optional<int> refusal = options_.pidfd ? std::optional<int>() : ENOSYS;
  Result<ProcessLife> life = ProcessLife::of(order.pid, options_.pidfd, p.files, refusal);
  if (life) {
    life = ProcessLife::guard(std::move(*life), p.epoll.get(), order.serial + kFirstSerial, p.files,
                              refusal);
  }
  if (refusal) refused(*refusal);
  if (!life) return gone(order.serial, order.pid);
  watched_.emplace(order.serial, std::move(*life));
}

void Processes::unwatch(std::uint64_t serial) {
  const auto one = watched_.find(serial);
  if (one == watched_.end()) return;
  // Closing is not enough while a child of this process holds a copy, between its fork and exec.
  if (one->second.fd() >= 0) dismiss(parts_->epoll.get(), one->second.fd());
  watched_.erase(one);
}

void Processes::gone(std::uint64_t serial, pid_t pid) {
  untold_.push_back({monotonic_now(), ProcessGone{serial, pid}});
  unwatch(serial);
}

void Processes::count(const CountProcesses& order) {
  parts_->census->count(order.trackers);
  generation_ = order.generation;
  told_.assign(order.trackers.size(), std::nullopt);
  settled_ = surveying_ = lost_ = false;
  survey_at_.reset();
  if (order.trackers.empty()) {
    connector_.reset();
    return;
  }
  // First listen, then look: who comes meanwhile is heard.
  if (!connector_) listen();
  survey();
}

void Processes::listen() {
  const Error off{"the kernel's process events: switched off", EOPNOTSUPP};
  if (!options_.connector) return deafen(off);
  Result<ProcessConnector> opened = ProcessConnector::open(options_.receive_buffer);
  if (!opened) return deafen(opened.error());
  connector_.emplace(std::move(*opened));
  if (resting_) return;
  const int fd = connector_->fd();
  const Status done = enlist(parts_->epoll.get(), fd, kConnector, EPOLLIN);
  if (!done) deafen(done.error());
}

void Processes::deafen(const Error& why) {
  connector_.reset();
  say_polled(ProcessesPolled::What::Counted, describe(why));
}

// ---- hearing

void Processes::hear() {
  if (!births_ && !deaths_) return;
  const Instant now = monotonic_now();
  if (births_) hear_connector();
  if (deaths_) parts_->census->bury();
  births_ = deaths_ = false;
  if (now - std::exchange(heard_at_, now) >= kRest) return;
  rest(true);
  rest_until_ = now + kRest;
}

void Processes::hear_connector() {
  ProcessCensus& census = *parts_->census;
  if (!connector_ || census.full()) return;
  std::uint64_t events = 0;
  const auto heard = connector_->read([&](const ProcessEvent& event) {
    census.heard(event);
    ++events;
  });
  events_.fetch_add(events, std::memory_order_relaxed);
  if (!heard) {
    survey_at_ = monotonic_now();
    return deafen(heard.error());
  }
  if (heard->all || heard->lost) census.caught_up();
  if (!heard->lost) return;
  losses_.fetch_add(1, std::memory_order_relaxed);
  lost_ = true;
  const Instant at = std::max(monotonic_now(), survey_ended_ + kPollEvery);
  if (!surveying_) survey_at_ = std::min(survey_at_.value_or(at), at);
}

// Taken out and not only muted: an error, as a loss is one, wakes all the same.
void Processes::rest(bool on) {
  resting_ = on;
  const int epoll = parts_->epoll.get();
  if (on) {
    dismiss(epoll, parts_->census->fd());
    if (connector_) dismiss(epoll, connector_->fd());
    return;
  }
  // What was a member of an epoll set a moment ago can be one again.
  (void)enlist(epoll, parts_->census->fd(), kCensus, EPOLLIN);
  if (connector_) (void)enlist(epoll, connector_->fd(), kConnector, EPOLLIN);
}

// ---- looking

void Processes::expire() {
  const Instant now = monotonic_now();
  if (rest_until_ && *rest_until_ <= now) {
    rest_until_.reset();
    rest(false);
  }
  if (survey_at_ && *survey_at_ <= now) survey();
  if (look_at_ && *look_at_ <= now) look_for_deaths();
}

void Processes::survey() {
  ProcessCensus& census = *parts_->census;
  // Nothing will be heard, so nobody is suspect.
  if (!connector_) census.caught_up();
  survey_at_.reset();
  lost_ = false;
  survey_began_ = monotonic_now();
  surveys_.fetch_add(1, std::memory_order_relaxed);
  surveying_ = static_cast<bool>(census.survey());
  // Half a list would make wrong counts; /proc is read again when the next one is due.
  if (!surveying_) survey_at_ = survey_began_ + kPollEvery;
}

bool Processes::work() {
  ProcessCensus& census = *parts_->census;
  const bool more = census.work();
  looks_.store(census.looks(), std::memory_order_relaxed);
  if (more || !surveying_) return more;
  surveying_ = false;
  settled_ = true;
  survey_ended_ = monotonic_now();
  const Duration every = connector_ && !lost_ ? kMistrustEvery : kPollEvery;
  survey_at_ = survey_ended_ + std::max(every, kShare * (survey_ended_ - survey_began_));
  return false;
}

void Processes::look_for_deaths() {
  const Instant began = monotonic_now();
  std::vector<std::pair<std::uint64_t, pid_t>> ended;
  for (const auto& [serial, life] : watched_) {
    if (life.fd() < 0 && life.ended(parts_->files)) ended.emplace_back(serial, life.pid());
  }
  for (const auto& [serial, pid] : ended) gone(serial, pid);
  parts_->census->look_for_deaths();
  const Instant now = monotonic_now();
  look_at_ = now + std::max(kLookEvery, kShare * (now - began));
}

// ---- telling

void Processes::refused(int error) {
  if (!look_at_) look_at_ = monotonic_now() + kLookEvery;
  say_polled(ProcessesPolled::What::Gone, describe({"pidfd_open", error}));
}

void Processes::say_polled(ProcessesPolled::What what, std::string why) {
  bool& said = what == ProcessesPolled::What::Gone ? said_gone_ : said_counted_;
  if (std::exchange(said, true)) return;
  untold_.push_back({monotonic_now(), ProcessesPolled{what, std::move(why)}});
}

void Processes::tell() {
  std::size_t told = 0;
  while (told < untold_.size() && push(untold_[told])) ++told;
  untold_.erase(untold_.begin(), untold_.begin() + static_cast<std::ptrdiff_t>(told));
  if (!settled_ || !untold_.empty()) return;
  const std::vector<std::uint32_t>& counts = parts_->census->counts();
  const Instant now = monotonic_now();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (told_[i] == counts[i]) continue;
    if (!push({now, ProcessesCounted{generation_, i, counts[i]}})) return;
    told_[i] = counts[i];
  }
}

bool Processes::push(ProcessesReport report) {
  if (!reports_.push(std::move(report))) {
    // Asked for before the last try: who makes room after it calls.
    (void)starved_.exchange(true);
    if (!reports_.push(std::move(report))) return false;
  }
  if (armed_.exchange(false)) ring_();
  return true;
}

void Processes::arm() {
  const bool blind = parts_->census->must_look_for_deaths() ||
                     std::any_of(watched_.begin(), watched_.end(),
                                 [](const auto& one) { return one.second.fd() < 0; });
  if (!blind) look_at_.reset();
  std::optional<Instant> next;
  for (const std::optional<Instant>& due : {rest_until_, survey_at_, look_at_}) {
    if (due && (!next || *due < *next)) next = due;
  }
  if (next == planned_ && (!next || *next > monotonic_now())) return;
  planned_ = next;
  (void)(next ? parts_->timer.arm(*next) : parts_->timer.disarm());
}

}  // namespace holdfast
