// Which trackers a process belongs to, by its name or its command line. Pure: reads nothing.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "processes_contract.hpp"

namespace holdfast {

class ProcessMatcher {
 public:
  ProcessMatcher() = default;
  explicit ProcessMatcher(const std::vector<ProcessTracker>& trackers);

  [[nodiscard]] bool wants_name() const { return !by_name_.empty(); }
  [[nodiscard]] bool wants_command() const { return !by_command_.empty(); }
  // How much of a command line decides; what is longer is cut.
  [[nodiscard]] std::size_t command_max() const { return command_max_; }

  [[nodiscard]] bool knows_name(std::string_view name) const { return by_name_.contains(name); }
  // Both append the numbers of trackers. `command` is /proc/PID/cmdline: words that end with NUL.
  void match_name(std::string_view name, std::vector<std::size_t>& found) const;
  void match_command(std::string_view command, std::vector<std::size_t>& found) const;

 private:
  struct Command {
    std::size_t tracker = 0;
    std::string parameters;  // joined by NUL, as the kernel has them
    ParamMatch match = ParamMatch::None;

    [[nodiscard]] bool fits(std::string_view words) const;
  };
  // Enough for most command lines; a longer tracker makes it longer.
  static constexpr std::size_t kCommandMin = 4096;

  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
  std::map<std::string, std::vector<Command>, std::less<>> by_command_;
  std::size_t command_max_ = kCommandMin;
};

}  // namespace holdfast
