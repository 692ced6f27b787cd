#include "processes_census.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast {

Result<ProcessCensus> ProcessCensus::open(std::size_t pidfds_max,
                                          std::function<void(int)> refused) {
  Result<ProcessFiles> files = ProcessFiles::open();
  if (!files) return files.error();
  UniqueFd gone(epoll_create1(EPOLL_CLOEXEC));
  if (!gone) return last_error("epoll_create1");
  return ProcessCensus(std::move(*files), std::move(gone), pidfds_max, std::move(refused));
}

ProcessCensus::ProcessCensus(ProcessFiles files, UniqueFd gone, std::size_t pidfds_max,
                             std::function<void(int)> refused)
    : files_(std::move(files)),
      gone_(std::move(gone)),
      pidfds_max_(pidfds_max),
      refused_(std::move(refused)) {}

void ProcessCensus::count(const std::vector<ProcessTracker>& trackers) {
  while (!members_.empty()) leave(members_.begin());
  list_.clear();
  listed_.clear();
  survey_.clear();
  suspects_.clear();
  matcher_ = ProcessMatcher(trackers);
  counts_.assign(trackers.size(), 0);
}

Status ProcessCensus::survey() {
  survey_.clear();
  return files_.list(survey_);
}

void ProcessCensus::put(pid_t pid, Hint hint) {
  const auto [entry, fresh] = listed_.try_emplace(pid, hint);
  if (fresh) list_.push_back(pid);
  if (hint.exec) entry->second.exec = true;
  if (hint.renamed) entry->second.renamed = true;
}

bool ProcessCensus::concerns(pid_t pid) const {
  // Before the end of a survey nobody is known to be none of ours.
  return !survey_.empty() || members_.contains(pid) || listed_.contains(pid) ||
         suspects_.contains(pid);
}

void ProcessCensus::heard(const ProcessEvent& event) {
  switch (event.kind) {
    case ProcessEvent::Kind::Answer:
      return;
    case ProcessEvent::Kind::Fork:
      // A child has the command line of its parent, but the name of the thread that made it.
      if (concerns(event.parent) ||
          (matcher_.wants_name() && event.parent_thread != event.parent)) {
        put(event.pid, {.parent = event.parent});
      }
      return;
    case ProcessEvent::Kind::Exec:
      return put(event.pid, {.exec = true});
    case ProcessEvent::Kind::Comm:
      if (members_.contains(event.pid) || matcher_.knows_name(event.new_name())) {
        put(event.pid, {.renamed = true});
      }
      return;
  }
}

bool ProcessCensus::work() {
  for (std::size_t n = 0; n < kSliceMax; ++n) {
    if (!list_.empty()) {
      const pid_t pid = list_.front();
      list_.pop_front();
      const Hint hint = listed_[pid];
      listed_.erase(pid);
      look(pid, hint);
    } else if (!survey_.empty()) {
      const pid_t pid = survey_.back();
      survey_.pop_back();
      look(pid, {});
    }
  }
  return !list_.empty() || !survey_.empty();
}

void ProcessCensus::look(pid_t pid, Hint hint) {
  ++looks_;
  const auto member = members_.find(pid);
  if (member == members_.end()) {
    if (!join(pid, hint)) suspects_.insert(pid);
    return;
  }
  std::optional<Sight> sight = see(pid, hint);
  // While it lives the number is its own, and so is what was read.
  if (!sight || member->second.life.ended(files_)) return leave(member);
  tally(member->second.sight, false);
  member->second.sight = std::move(*sight);
  tally(member->second.sight, true);
}

std::optional<ProcessCensus::Sight> ProcessCensus::see(pid_t pid, Hint hint) {
  Sight sight;
  const auto name = files_.name(pid);
  if (!name) return std::nullopt;
  sight.name = *name;
  matcher_.match_name(sight.name, sight.by_name);
  if (matcher_.wants_command()) {
    // keepalived-compatible: what a process writes over its own command line changes nothing, for
    // it and its children, until the next exec. nginx and many others show a title there.
    if (const Member* before = same_program(pid, hint, sight.name)) {
      sight.by_command = before->sight.by_command;
    } else if (const auto command = files_.command(pid, matcher_.command_max())) {
      matcher_.match_command(*command, sight.by_command);
    }
  }
  return sight.counts() ? std::optional(std::move(sight)) : std::nullopt;
}

// The process itself as it was, or its parent, unless there was an exec since. One that nobody
// told of shows in the name.
const ProcessCensus::Member* ProcessCensus::same_program(pid_t pid, Hint hint,
                                                         const std::string& name) const {
  if (hint.exec) return nullptr;
  auto before = members_.find(pid);
  if (before == members_.end()) before = members_.find(hint.parent);
  if (before == members_.end()) return nullptr;
  return hint.renamed || before->second.sight.name == name ? &before->second : nullptr;
}

bool ProcessCensus::join(pid_t pid, Hint hint) {
  if (!see(pid, hint)) return false;
  const bool fits = members_.size() - without_pidfd_ < pidfds_max_;
  std::optional<int> refusal = fits ? std::optional<int>() : EMFILE;
  Result<ProcessLife> life = ProcessLife::of(pid, fits, files_, refusal);
  // Once more, under the pidfd: the number may have got a new owner meanwhile.
  std::optional<Sight> sight = see(pid, hint);
  if (sight && life && !life->ended(files_)) {
    const auto tag = static_cast<std::uint64_t>(pid);
    life = ProcessLife::guard(std::move(*life), gone_.get(), tag, files_, refusal);
  } else {
    life = Error{"process", ESRCH};
  }
  if (refusal) refused_(*refusal);
  if (!life) return false;
  if (life->fd() < 0) ++without_pidfd_;
  tally(*sight, true);
  members_.emplace(pid, Member{std::move(*life), std::move(*sight)});
  return true;
}

void ProcessCensus::leave(Members::iterator member) {
  const int fd = member->second.life.fd();
  // Closing is not enough while a child of this process holds a copy, between its fork and exec.
  if (fd >= 0) (void)epoll_ctl(gone_.get(), EPOLL_CTL_DEL, fd, nullptr);
  if (fd < 0) --without_pidfd_;
  tally(member->second.sight, false);
  suspects_.insert(member->first);
  members_.erase(member);
}

void ProcessCensus::tally(const Sight& sight, bool up) {
  for (const auto* trackers : {&sight.by_name, &sight.by_command}) {
    for (const std::size_t tracker : *trackers) up ? ++counts_[tracker] : --counts_[tracker];
  }
}

void ProcessCensus::bury() {
  std::array<epoll_event, kBurialsMax> ready;
  int count = 0;
  do {
    count = epoll_wait(gone_.get(), ready.data(), static_cast<int>(kBurialsMax), 0);
    for (int i = 0; i < count; ++i) {
      const auto tag = ready[static_cast<std::size_t>(i)].data.u64;
      const auto member = members_.find(static_cast<pid_t>(tag));
      if (member != members_.end() && member->second.life.ended(files_)) leave(member);
    }
  } while (count == static_cast<int>(kBurialsMax));
}

void ProcessCensus::look_for_deaths() {
  for (auto member = members_.begin(); member != members_.end();) {
    const auto next = std::next(member);
    if (member->second.life.fd() < 0 && member->second.life.ended(files_)) leave(member);
    member = next;
  }
}

}  // namespace holdfast
