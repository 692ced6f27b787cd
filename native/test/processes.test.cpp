// The thread that watches processes, with real ones: told by the kernel where it runs in the first
// network namespace, by looking elsewhere. Both must come to the same.
#include "processes.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "net/clock.hpp"
#include "processes_children.hpp"

namespace holdfast::test {

namespace {

struct Watcher {
  std::unique_ptr<Processes> processes;
  std::vector<ProcessesReport> reports;
  std::uint64_t generation = 0;

  explicit Watcher(Processes::Options options = {}) {
    auto started = Processes::start(options, [] {});
    REQUIRE(started);
    processes = std::move(*started);
  }

  void count(const std::vector<std::string>& names) {
    std::vector<ProcessTracker> trackers;
    for (const std::string& name : names) trackers.push_back({name, name, {}, {}, false});
    processes->submit(CountProcesses{++generation, std::move(trackers)});
  }

  bool eventually(const std::function<bool()>& condition) {
    // Less than the time after which all of /proc is gone through in any case.
    const Instant limit = monotonic_now() + 8 * kMicrosecondsPerSecond;
    for (;;) {
      while (auto report = processes->next()) reports.push_back(std::move(*report));
      if (condition()) return true;
      if (monotonic_now() > limit) return false;
      poll(nullptr, 0, 1);
    }
  }

  // The latest count of a tracker; -1 before the first.
  [[nodiscard]] int latest(std::size_t tracker) const {
    int count = -1;
    for (const ProcessesReport& report : reports) {
      const auto* body = std::get_if<ProcessesCounted>(&report.body);
      if (body == nullptr || body->generation != generation || body->tracker != tracker) continue;
      count = static_cast<int>(body->count);
    }
    return count;
  }
  bool counts(std::size_t tracker, int count) {
    return eventually([&] { return latest(tracker) == count; });
  }
  bool goes(std::uint64_t serial) {
    return eventually([&] {
      for (const ProcessesReport& report : reports) {
        const auto* body = std::get_if<ProcessGone>(&report.body);
        if (body != nullptr && body->serial == serial) return true;
      }
      return false;
    });
  }
  [[nodiscard]] std::size_t polled() const {
    std::size_t found = 0;
    for (const ProcessesReport& report : reports) {
      if (std::holds_alternative<ProcessesPolled>(report.body)) ++found;
    }
    return found;
  }
};

Processes::Options without(bool connector, bool pidfd) {
  Processes::Options options;
  options.connector = connector;
  options.pidfd = pidfd;
  return options;
}

const std::vector<Processes::Options> kAllWays = {without(true, true), without(false, true),
                                                  without(true, false), without(false, false)};

}  // namespace

TEST_CASE("a death is told, whether or not anybody has noticed it") {
  for (const Processes::Options& options : kAllWays) {
    Watcher watcher(options);
    Child child(own_name('d'));
    const pid_t pid = child.pid();
    watcher.processes->submit(WatchProcess{1, pid});
    watcher.processes->submit(WatchProcess{2, pid});
    watcher.processes->submit(UnwatchProcess{2});
    watcher.processes->submit(WatchProcess{9, std::numeric_limits<pid_t>::max()});
    CHECK(watcher.goes(9));
    child.kill();
    // Not reaped: it is a zombie.
    CHECK(watcher.goes(1));
    child.reap();
    watcher.processes->submit(WatchProcess{3, pid});
    CHECK(watcher.goes(3));
    CHECK(watcher.polled() == (options.pidfd ? 0 : 1));
    for (const ProcessesReport& report : watcher.reports) {
      const auto* gone = std::get_if<ProcessGone>(&report.body);
      if (gone != nullptr) CHECK(gone->serial != 2);
    }
  }
}

TEST_CASE("births, deaths and new names are counted") {
  for (const Processes::Options& options : kAllWays) {
    const std::string one = own_name('o');
    const std::string two = own_name('t');
    Child before(one);
    Watcher watcher(options);
    watcher.count({one, two});
    CHECK(watcher.counts(0, 1));
    CHECK(watcher.counts(1, 0));
    std::vector<Child> more;
    for (int i = 0; i < 20; ++i) more.emplace_back(i % 2 == 0 ? one : two);
    CHECK(watcher.counts(0, 11));
    CHECK(watcher.counts(1, 10));
    before.kill();  // and a zombie is none
    CHECK(watcher.counts(0, 10));
    more.clear();
    CHECK(watcher.counts(0, 0));
    CHECK(watcher.counts(1, 0));
  }
}

TEST_CASE("new trackers replace the old ones") {
  const std::string one = own_name('r');
  Child child(one);
  Watcher watcher;
  watcher.count({"no-such-name", one});
  watcher.count({one});
  CHECK(watcher.counts(0, 1));
  watcher.count({});
  watcher.count({one, "no-such-name"});
  CHECK(watcher.counts(0, 1));
  CHECK(watcher.counts(1, 0));
}

TEST_CASE("many deaths at once fill the ring, and none is lost") {
  Watcher watcher;
  constexpr std::uint64_t kMany = 5000;
  Child child(own_name('m'));
  for (std::uint64_t serial = 1; serial <= kMany; ++serial) {
    watcher.processes->submit(WatchProcess{serial, child.pid()});
  }
  child.kill();
  poll(nullptr, 0, 100);
  const auto all = [&] {
    std::size_t gone = 0;
    for (const ProcessesReport& report : watcher.reports) {
      if (std::holds_alternative<ProcessGone>(report.body)) ++gone;
    }
    return gone == kMany;
  };
  CHECK(watcher.eventually(all));
}

TEST_CASE("a small buffer overflows in a storm, and the count comes right") {
  const std::string name = own_name('s');
  Processes::Options options;
  options.receive_buffer = 1;  // the kernel gives its least, 2 KiB
  Watcher watcher(options);
  watcher.count({name});
  CHECK(watcher.counts(0, 0));
  std::deque<Child> children;
  for (int i = 0; i < 300; ++i) {
    children.emplace_back(name);
    if (i % 3 == 2) children.pop_front();
  }
  CHECK(watcher.counts(0, 200));
}

TEST_CASE("it can be begun and ended at any moment") {
  const std::string name = own_name('b');
  Child child(name);
  for (int i = 0; i < 200; ++i) {
    Watcher watcher;
    watcher.count({name});
    watcher.processes->submit(WatchProcess{1, child.pid()});
    if (i % 10 == 0) CHECK(watcher.counts(0, 1));
  }
}

}  // namespace holdfast::test
