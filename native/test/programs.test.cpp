// The thread that runs programs, with real ones: each start comes to one end, told once.
#include "programs.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::test {

namespace {

struct Runner {
  std::unique_ptr<Programs> programs;
  std::map<std::uint64_t, ProgramEnded> ends;
  std::size_t told = 0;

  Runner() {
    auto started = Programs::start([] {});
    REQUIRE(started);
    programs = std::move(*started);
  }

  void start(std::uint64_t serial, std::vector<std::string> words) {
    StartProgram order;
    order.serial = serial;
    order.words = std::move(words);
    order.environment = {"PATH=/usr/bin:/bin", "WORD=kept"};
    programs->submit(std::move(order));
  }

  void fetch() {
    while (auto one = programs->next()) {
      ++told;
      ends[one->serial] = std::move(*one);
    }
  }

  const ProgramEnded& end(std::uint64_t serial) {
    const Instant limit = monotonic_now() + 10 * kMicrosecondsPerSecond;
    while (!ends.contains(serial) && monotonic_now() < limit) {
      fetch();
      poll(nullptr, 0, 1);
    }
    REQUIRE(ends.contains(serial));
    return ends[serial];
  }
};

using How = ProgramEnded::How;

}  // namespace

TEST_CASE("a program ends with its status and what it printed") {
  Runner runner;
  runner.start(1, {"/bin/sh", "-c", "echo $WORD; echo more >&2; exit 7"});
  const ProgramEnded& end = runner.end(1);
  CHECK(end.how == How::Exited);
  CHECK(end.code == 7);
  CHECK(end.output == "kept\nmore\n");
}

TEST_CASE("a signal is told as one, and takes those along that it started") {
  Runner runner;
  runner.start(1, {"/bin/sh", "-c", "kill -SEGV $$"});
  CHECK(runner.end(1).how == How::Signalled);
  CHECK(runner.end(1).code == SIGSEGV);
  runner.start(2, {"/bin/sleep", "60"});
  runner.programs->submit(SignalProgram{2, SIGTERM});
  CHECK(runner.end(2).code == SIGTERM);
  // Nobody of that number; one that has ended.
  runner.programs->submit(SignalProgram{3, SIGTERM});
  runner.programs->submit(SignalProgram{2, SIGTERM});
}

TEST_CASE("what cannot be started says why") {
  Runner runner;
  runner.start(1, {"/no/such/program"});
  CHECK(runner.end(1).how == How::Refused);
  CHECK(runner.end(1).code == ENOENT);
  CHECK(runner.end(1).output == "execve");
  runner.start(2, {"/etc/passwd"});
  CHECK(runner.end(2).code == EACCES);
  runner.start(3, std::vector<std::string>(9000, "x"));
  CHECK(runner.end(3).code == E2BIG);
}

TEST_CASE("of what a program prints the end is kept") {
  Runner runner;
  runner.start(1, {"/usr/bin/seq", "1", "100000"});
  const std::string& output = runner.end(1).output;
  CHECK(output.size() == 4096);
  CHECK(output.ends_with("99999\n100000\n"));
}

TEST_CASE("more ends than the ring has room for: each is told, and once") {
  Runner runner;
  constexpr std::uint64_t kMany = 1500;
  for (std::uint64_t serial = 1; serial <= kMany; ++serial) {
    runner.start(serial, {"/no/such/program"});
  }
  for (std::uint64_t serial = 1; serial <= kMany; ++serial) runner.end(serial);
  CHECK(runner.told == kMany);
}

TEST_CASE("what was ordered before the end is begun") {
  Runner runner;
  const std::string file = "/tmp/holdfast-programs-" + std::to_string(getpid());
  runner.start(1, {"/usr/bin/touch", file});
  runner.programs.reset();
  const Instant limit = monotonic_now() + 10 * kMicrosecondsPerSecond;
  while (access(file.c_str(), F_OK) != 0 && monotonic_now() < limit) poll(nullptr, 0, 1);
  CHECK(unlink(file.c_str()) == 0);
}

}  // namespace holdfast::test
