// The count of processes, hint by hint: what is looked at, what is not, and what a hint that comes
// late can do. The processes are real; the hints are given by hand.
#include "processes_census.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <optional>

#include "processes_children.hpp"

namespace holdfast::test {

namespace {

using Kind = ProcessEvent::Kind;

ProcessEvent exec_of(pid_t pid) {
  ProcessEvent event;
  event.kind = Kind::Exec;
  event.pid = pid;
  return event;
}

ProcessEvent fork_of(pid_t parent, pid_t child) {
  ProcessEvent event;
  event.kind = Kind::Fork;
  event.pid = child;
  event.parent = event.parent_thread = parent;
  return event;
}

ProcessEvent name_of(pid_t pid, const std::string& name) {
  ProcessEvent event;
  event.kind = Kind::Comm;
  event.pid = pid;
  name.copy(event.name.data(), event.name.size());
  return event;
}

struct Count {
  std::optional<int> refused;
  ProcessCensus census;

  explicit Count(const std::string& name, std::size_t pidfds_max = 100) : census(open(pidfds_max)) {
    census.count({{name, name, {}, {}, false}});
  }
  ProcessCensus open(std::size_t pidfds_max) {
    auto opened = ProcessCensus::open(pidfds_max, [this](int error) { refused = error; });
    REQUIRE(opened);
    return std::move(*opened);
  }
  // What comes of a hint: the count.
  std::uint32_t heard(const ProcessEvent& event) {
    census.heard(event);
    return work();
  }
  std::uint32_t work() {
    while (census.work()) {
    }
    return census.counts()[0];
  }
};

// A child that waits until it has its name.
Child named_child(const std::string& name) {
  Child child(name);
  auto files = ProcessFiles::open();
  REQUIRE(files);
  while (files->name(child.pid()) != name) usleep(100);
  return child;
}

}  // namespace

TEST_CASE("a survey finds who is there; a hint finds who came") {
  const std::string name = own_name('c');
  const Child first = named_child(name);
  Count count(name);
  CHECK(count.census.survey());
  CHECK(count.work() == 1);
  const Child second = named_child(name);
  CHECK(count.heard(exec_of(second.pid())) == 2);
  CHECK(count.heard(exec_of(second.pid())) == 2);
  const Child third = named_child(name);
  CHECK(count.heard(fork_of(first.pid(), third.pid())) == 3);
  const Child fourth = named_child(name);
  CHECK(count.heard(name_of(fourth.pid(), name)) == 4);
}

TEST_CASE("who cannot be ours is not looked at") {
  const std::string name = own_name('u');
  Count count(name);
  CHECK(count.census.survey());
  count.work();
  count.census.caught_up();
  const std::uint64_t before = count.census.looks();
  const Child child = named_child(name);
  // Its parent was not counted; its name is another one.
  CHECK(count.heard(fork_of(getpid(), child.pid())) == 0);
  CHECK(count.heard(name_of(child.pid(), "another")) == 0);
  CHECK(count.census.looks() == before);
  // Of a thread, nobody knows the name.
  ProcessEvent event = fork_of(getpid(), child.pid());
  event.parent_thread = getpid() + 1;
  CHECK(count.heard(event) == 1);
}

TEST_CASE("the child of a parent who was gone before anybody looked") {
  const std::string name = own_name('g');
  pid_t parent = 0;
  const Child child = named_child(name);
  {
    Child gone(name);
    parent = gone.pid();
  }
  Count count(name);
  // The parent is looked at in vain; that it forked is heard only then.
  CHECK(count.heard(exec_of(parent)) == 0);
  CHECK(count.heard(fork_of(parent, child.pid())) == 1);

  Count later(name);
  CHECK(later.heard(exec_of(parent)) == 0);
  later.census.caught_up();
  CHECK(later.heard(fork_of(parent, child.pid())) == 0);
}

TEST_CASE("the child of a parent who died while it was counted") {
  const std::string name = own_name('w');
  const Child child = named_child(name);
  Count count(name);
  pid_t parent = 0;
  {
    const Child gone = named_child(name);
    parent = gone.pid();
    CHECK(count.heard(exec_of(parent)) == 1);
  }
  count.census.bury();
  CHECK(count.census.counts()[0] == 0);
  CHECK(count.heard(fork_of(parent, child.pid())) == 1);
}

TEST_CASE("a parent and its child in one breath") {
  const std::string name = own_name('p');
  const Child parent = named_child(name);
  const Child child = named_child(name);
  Count count(name);
  count.census.heard(exec_of(parent.pid()));
  CHECK(count.heard(fork_of(parent.pid(), child.pid())) == 2);
}

TEST_CASE("hints of processes that are none any more do nothing") {
  const std::string name = own_name('n');
  pid_t pid = 0;
  {
    Child gone(name);
    pid = gone.pid();
  }
  Count count(name);
  for (const auto& event : {exec_of(pid), name_of(pid, name), fork_of(pid, pid)}) {
    CHECK(count.heard(event) == 0);
  }
  CHECK(count.census.looks() == 3);
}

TEST_CASE("zombies are not counted") {
  const std::string name = own_name('z');
  Child child = named_child(name);
  Count count(name);
  child.kill();
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT);
  CHECK(count.heard(exec_of(child.pid())) == 0);
}

TEST_CASE("beyond the bound of pidfds one looks for deaths") {
  const std::string name = own_name('f');
  Count count(name, 1);
  const Child first = named_child(name);
  CHECK(count.heard(exec_of(first.pid())) == 1);
  CHECK_FALSE(count.refused);
  {
    const Child second = named_child(name);
    CHECK(count.heard(exec_of(second.pid())) == 2);
    CHECK(count.refused == EMFILE);
    CHECK(count.census.must_look_for_deaths());
  }
  count.census.bury();
  CHECK(count.census.counts()[0] == 2);
  count.census.look_for_deaths();
  CHECK(count.census.counts()[0] == 1);
  CHECK_FALSE(count.census.must_look_for_deaths());
}

TEST_CASE("too much to look at is too much to hear") {
  Count count(own_name('l'));
  CHECK_FALSE(count.census.full());
  for (pid_t pid = 0; pid < 5000; ++pid) count.census.heard(exec_of(pid + 0x3ffffff0));
  CHECK(count.census.full());
  count.work();
  CHECK_FALSE(count.census.full());
}

}  // namespace holdfast::test
