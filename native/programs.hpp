// The thread that runs programs: starts them, reads what they print, tells how they ended. It is
// neither JS's, which would stand still for each start, nor the plane's. Each start comes to one
// report, and no report is lost: what does not fit into the ring is told when there is room.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "mailbox.hpp"
#include "net/wake_fd.hpp"
#include "programs_contract.hpp"
#include "programs_launch.hpp"

namespace holdfast {

class Programs {
 public:
  // [js] `ring` is called on the thread when reports wait and nobody has been told.
  static Result<std::unique_ptr<Programs>> start(std::function<void()> ring);
  // [js] Joins. Programs that run go on, but for the mortal ones.
  ~Programs();

  // [js]
  void submit(ProgramsCommand command);
  // [js] The oldest report; after nothing, the bell rings for the next one.
  std::optional<ProgramEnded> next();

 private:
  struct Running {
    pid_t pid = 0;
    UniqueFd life;
    UniqueFd output;
    std::string printed;
    bool signalled = false;  // by us
  };
  static constexpr std::size_t kReportsMax = 1024;
  static constexpr std::size_t kOutputMax = 4096;
  // Of one program in one wake: a pipe full, so that none that never ends keeps others waiting.
  static constexpr std::size_t kReadMax = 64 << 10;

  Programs(UniqueFd epoll, WakeFd bell, Launcher launcher, std::function<void()> ring);

  // All below: [programs]
  void run();
  void obey(const StartProgram& order);
  void obey(const SignalProgram& order);
  void read(Running& one) const;
  void ended(std::uint64_t serial, Running& one);
  void report(std::uint64_t serial, ProgramEnded::How how, int code, std::string output,
              bool told = false);
  void tell();
  bool push(ProgramEnded& report);

  UniqueFd epoll_;
  WakeFd bell_;
  Launcher launcher_;
  std::function<void()> ring_;
  Letters<ProgramsCommand> letters_;
  Ring<ProgramEnded> reports_{kReportsMax};
  std::atomic<bool> armed_{true};     // JS wants to be called
  std::atomic<bool> starved_{false};  // the thread wants to be called when there is room
  std::atomic<bool> stopping_{false};
  std::unordered_map<std::uint64_t, Running> running_;
  std::vector<ProgramEnded> untold_;
  std::thread thread_;
};

}  // namespace holdfast
