// The thread that watches processes. It is not the plane's: reading /proc takes what time it takes,
// and no advert may wait for it. Told by the kernel where that is possible, by looking where not.
// Nothing it has to say can be lost: what does not fit into the ring is said when there is room,
// and a count is always the latest.
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
#include "net/timer.hpp"
#include "net/wake_fd.hpp"
#include "processes_census.hpp"
#include "processes_connector.hpp"
#include "processes_contract.hpp"

namespace holdfast {

class Processes {
 public:
  struct Options {
    int receive_buffer = 4 << 20;  // of the connector; holds some thousand events
    bool connector = true;         // false: as where the kernel has none
    bool pidfd = true;             // likewise
  };

  // [js] `ring` is called on the thread when reports wait and nobody has been told.
  static Result<std::unique_ptr<Processes>> start(Options options, std::function<void()> ring);
  // [js] Joins.
  ~Processes();

  // [js]
  void submit(ProcessesCommand command);
  // [js] The oldest report; after nothing, the bell rings for the next one.
  std::optional<ProcessesReport> next();
  // [js]
  [[nodiscard]] ProcessesCounters counters() const;

 private:
  struct Parts;
  using Watched = std::unordered_map<std::uint64_t, ProcessLife>;
  static constexpr std::size_t kReportsMax = 1024;
  // More processes than this are looked at from time to time: descriptors are the daemon's, too.
  static constexpr std::size_t kPidfdsMax = 1024;

  Processes(std::unique_ptr<Parts> parts, Options options, std::function<void()> ring);

  // All below: [processes]
  void run();
  void wait(bool busy);
  void obey(std::vector<ProcessesCommand> commands);
  void watch(const WatchProcess& order);
  void unwatch(std::uint64_t serial);
  void count(const CountProcesses& order);
  void listen();
  void deafen(const Error& why);
  void hear();
  void hear_connector();
  void rest(bool on);
  void expire();
  void survey();
  bool work();
  void look_for_deaths();
  void gone(std::uint64_t serial, pid_t pid);
  void refused(int error);
  void say_polled(ProcessesPolled::What what, std::string why);
  void tell();
  bool push(ProcessesReport report);
  void arm();

  std::unique_ptr<Parts> parts_;
  Options options_;
  std::function<void()> ring_;
  Letters<ProcessesCommand> letters_;
  Ring<ProcessesReport> reports_{kReportsMax};
  std::atomic<bool> armed_{true};     // JS wants to be called
  std::atomic<bool> starved_{false};  // the thread wants to be called when there is room
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> events_{0};
  std::atomic<std::uint64_t> looks_{0};
  std::atomic<std::uint64_t> surveys_{0};
  std::atomic<std::uint64_t> losses_{0};

  Watched watched_;
  std::vector<ProcessesReport> untold_;
  std::optional<ProcessConnector> connector_;
  bool births_ = false;  // the connector is readable
  bool deaths_ = false;  // somebody who was counted is gone
  bool resting_ = false;
  Instant heard_at_ = 0;
  std::optional<Instant> rest_until_;
  std::uint64_t generation_ = 0;
  std::vector<std::optional<std::uint32_t>> told_;
  bool surveying_ = false;
  bool settled_ = false;  // the counts are whole
  bool lost_ = false;     // events, since the last survey began
  Instant survey_began_ = 0;
  Instant survey_ended_ = 0;
  std::optional<Instant> survey_at_;
  std::optional<Instant> look_at_;
  std::optional<Instant> planned_;
  bool said_gone_ = false;
  bool said_counted_ = false;
  std::thread thread_;
};

}  // namespace holdfast
