// How many processes each tracker has. Whatever is heard or listed is a hint: a process is looked
// at, as it is now, and counted or not, so that lost or late hints can make no wrong count last.
// Each counted process has a pidfd, and its death is told by that alone.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "processes_event.hpp"
#include "processes_life.hpp"
#include "processes_match.hpp"

namespace holdfast {

class ProcessCensus {
 public:
  // `refused`: the kernel, or the bound of `pidfds_max`, gave no pidfd; called with an errno.
  static Result<ProcessCensus> open(std::size_t pidfds_max, std::function<void(int)> refused);

  // Readable when a counted process is gone: then bury().
  [[nodiscard]] int fd() const { return gone_.get(); }
  [[nodiscard]] const std::vector<std::uint32_t>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t looks() const { return looks_; }
  // Whether there is anybody whose death nobody tells.
  [[nodiscard]] bool must_look_for_deaths() const { return without_pidfd_ > 0; }

  // Starts anew: the counts are right when the next survey has been worked through.
  void count(const std::vector<ProcessTracker>& trackers);
  // Every process is to be looked at, after those that something was heard of.
  Status survey();
  // Looks, later, at a process that may have to be counted, or no more.
  void heard(const ProcessEvent& event);
  // Too much has been heard to hear more: what waits in the kernel is bounded there.
  [[nodiscard]] bool full() const { return list_.size() > kListMax; }
  // Everything that happened before the latest look has been heard, or is lost.
  void caught_up() { suspects_.clear(); }
  void bury();
  void look_for_deaths();
  // Looks at some; true when more are to be looked at.
  bool work();

 private:
  // What a process is, as far as trackers go.
  struct Sight {
    std::string name;
    std::vector<std::size_t> by_name;
    std::vector<std::size_t> by_command;

    [[nodiscard]] bool counts() const { return !by_name.empty() || !by_command.empty(); }
  };
  struct Member {
    ProcessLife life;
    Sight sight;
  };
  // Why a process is to be looked at.
  struct Hint {
    pid_t parent = 0;  // it was born, of this one
    bool exec = false;
    bool renamed = false;  // by itself: no exec lies behind another name
  };
  using Members = std::unordered_map<pid_t, Member>;
  static constexpr std::size_t kSliceMax = 128;
  static constexpr std::size_t kListMax = 4096;
  static constexpr std::size_t kBurialsMax = 64;

  ProcessCensus(ProcessFiles files, UniqueFd gone, std::size_t pidfds_max,
                std::function<void(int)> refused);

  void put(pid_t pid, Hint hint);
  [[nodiscard]] bool concerns(pid_t pid) const;
  void look(pid_t pid, Hint hint);
  // Nothing for a process that no tracker counts.
  std::optional<Sight> see(pid_t pid, Hint hint);
  const Member* same_program(pid_t pid, Hint hint, const std::string& name) const;
  bool join(pid_t pid, Hint hint);
  void leave(Members::iterator member);
  void tally(const Sight& sight, bool up);

  ProcessFiles files_;
  UniqueFd gone_;
  std::size_t pidfds_max_;
  std::function<void(int)> refused_;
  ProcessMatcher matcher_;
  std::vector<std::uint32_t> counts_;
  Members members_;
  std::size_t without_pidfd_ = 0;
  // In the order heard: a parent is seen before its child.
  std::deque<pid_t> list_;
  std::unordered_map<pid_t, Hint> listed_;
  std::vector<pid_t> survey_;  // worked off from its end
  // Looked at since the last time that all was heard, and not counted: each may have been one of
  // ours while it did what is still to be heard, above all fork.
  std::unordered_set<pid_t> suspects_;
  std::uint64_t looks_ = 0;
};

}  // namespace holdfast
