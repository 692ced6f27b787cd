#include "programs.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include <array>
#include <utility>

namespace holdfast {

namespace {

// What epoll says: a serial, and which of its two descriptors. 0 is the bell.
constexpr std::uint64_t kBell = 0;
constexpr std::uint64_t life_tag(std::uint64_t serial) { return serial * 2 + 2; }
constexpr std::uint64_t output_tag(std::uint64_t serial) { return serial * 2 + 3; }

Status enlist(int epoll, int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) return last_error("epoll_ctl");
  return Done{};
}

// Closing is not enough while a child of this process holds a copy, until it is a program.
void dismiss(int epoll, UniqueFd& fd) {
  if (fd) (void)epoll_ctl(epoll, EPOLL_CTL_DEL, fd.get(), nullptr);
  fd = UniqueFd();
}

}  // namespace

Result<std::unique_ptr<Programs>> Programs::start(std::function<void()> ring) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return last_error("epoll_create1");
  Result<WakeFd> bell = WakeFd::open();
  if (!bell) return bell.error();
  Result<Launcher> launcher = Launcher::open();
  if (!launcher) return launcher.error();
  if (auto done = enlist(epoll.get(), bell->fd(), kBell); !done) return done.error();
  std::unique_ptr<Programs> made(
      new Programs(std::move(epoll), std::move(*bell), std::move(*launcher), std::move(ring)));
  Programs* self = made.get();
  self->thread_ = std::thread([self] { self->run(); });
  return made;
}

Programs::Programs(UniqueFd epoll, WakeFd bell, Launcher launcher, std::function<void()> ring)
    : epoll_(std::move(epoll)),
      bell_(std::move(bell)),
      launcher_(std::move(launcher)),
      ring_(std::move(ring)) {}

Programs::~Programs() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
}

void Programs::submit(ProgramsCommand command) {
  std::vector<ProgramsCommand> batch;
  batch.push_back(std::move(command));
  letters_.post(std::move(batch));
  bell_.ring();
}

std::optional<ProgramEnded> Programs::next() {
  ProgramEnded report;
  if (reports_.pop(report)) return report;
  // Armed before the last look: what is pushed after it rings again.
  (void)armed_.exchange(true);
  if (reports_.pop(report)) return report;
  if (starved_.exchange(false)) bell_.ring();
  return std::nullopt;
}

// ---- the thread

void Programs::run() {
  pthread_setname_np(pthread_self(), "holdfast-progs");
  std::array<epoll_event, 64> ready;
  for (;;) {
    const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t tag = ready[static_cast<std::size_t>(i)].data.u64;
      if (tag == kBell) {
        bell_.answer();
        continue;
      }
      const std::uint64_t serial = tag / 2 - 1;
      const auto one = running_.find(serial);
      if (one == running_.end()) continue;
      if (tag == output_tag(serial))
        read(one->second);
      else
        ended(serial, one->second);
    }
    for (const ProgramsCommand& command : letters_.take()) {
      // What was ordered before the end is begun: a notify command is the last of them.
      std::visit([this](const auto& order) { obey(order); }, command);
    }
    tell();
    if (stopping_.load(std::memory_order_acquire)) return;
  }
}

void Programs::obey(const StartProgram& order) {
  using How = ProgramEnded::How;
  Result<Launched> launched = launcher_.launch(order);
  if (!launched) {
    return report(order.serial, How::Refused, launched.error().code, launched.error().what);
  }
  Running one{launched->pid, std::move(launched->life), std::move(launched->output), {}, false};
  const Status life = enlist(epoll_.get(), one.life.get(), life_tag(order.serial));
  if (!life) {
    // Nobody would learn of its end.
    (void)::kill(-one.pid, SIGKILL);
    siginfo_t info{};
    (void)waitid(P_PIDFD, static_cast<id_t>(one.life.get()), &info, WEXITED);
    return report(order.serial, How::Refused, life.error().code, life.error().what);
  }
  (void)enlist(epoll_.get(), one.output.get(), output_tag(order.serial));
  running_.emplace(order.serial, std::move(one));
}

void Programs::obey(const SignalProgram& order) {
  const auto one = running_.find(order.serial);
  if (one == running_.end()) return;
  // What had ended before was not ended by us, though nobody has looked yet: after a pause of the
  // whole process its time limit and its end are found at once.
  pollfd life{one->second.life.get(), POLLIN, 0};
  if (::poll(&life, 1, 0) == 1) return;
  one->second.signalled = true;
  (void)::kill(-one->second.pid, order.signal);
}

void Programs::read(Running& one) const {
  std::array<char, 4096> buffer;
  for (std::size_t total = 0; one.output && total < kReadMax;) {
    const ssize_t got = ::read(one.output.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return dismiss(epoll_.get(), one.output);
    total += static_cast<std::size_t>(got);
    one.printed.append(buffer.data(), static_cast<std::size_t>(got));
    if (one.printed.size() <= kOutputMax) continue;
    one.printed.erase(0, one.printed.size() - kOutputMax);
  }
}

// What it printed is in the pipe by now; others that hold the pipe are not waited for.
void Programs::ended(std::uint64_t serial, Running& one) {
  using How = ProgramEnded::How;
  read(one);
  // It was told to end; a child of it that did not listen must not pile up. Its number is still
  // nobody else's.
  if (one.signalled) (void)::kill(-one.pid, SIGKILL);
  siginfo_t info{};
  (void)waitid(P_PIDFD, static_cast<id_t>(one.life.get()), &info, WEXITED);
  const How how = info.si_code == CLD_EXITED ? How::Exited : How::Signalled;
  std::string printed = std::move(one.printed);
  const bool told = one.signalled;
  dismiss(epoll_.get(), one.output);
  dismiss(epoll_.get(), one.life);
  running_.erase(serial);
  report(serial, how, info.si_status, std::move(printed), told);
}

void Programs::report(std::uint64_t serial, ProgramEnded::How how, int code, std::string output,
                      bool told) {
  untold_.push_back({monotonic_now(), serial, how, code, told, std::move(output)});
}

void Programs::tell() {
  std::size_t told = 0;
  while (told < untold_.size() && push(untold_[told])) ++told;
  untold_.erase(untold_.begin(), untold_.begin() + static_cast<std::ptrdiff_t>(told));
}

bool Programs::push(ProgramEnded& report) {
  if (!reports_.push(std::move(report))) {
    // Asked for before the last try: who makes room after it calls.
    (void)starved_.exchange(true);
    if (!reports_.push(std::move(report))) return false;
  }
  if (armed_.exchange(false)) ring_();
  return true;
}

}  // namespace holdfast
