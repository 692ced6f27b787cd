#include "processes_match.hpp"

#include <algorithm>

namespace holdfast {

namespace {

// Programs that rewrite their title pad what is left of it with NULs.
std::string_view without_padding(std::string_view words) {
  const std::size_t last = words.find_last_not_of('\0');
  return last == std::string_view::npos ? std::string_view{} : words.substr(0, last + 1);
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    joined += word;
    joined += '\0';
  }
  return std::string(without_padding(joined));
}

}  // namespace

ProcessMatcher::ProcessMatcher(const std::vector<ProcessTracker>& trackers) {
  for (std::size_t i = 0; i < trackers.size(); ++i) {
    const ProcessTracker& tracker = trackers[i];
    if (!tracker.by_command()) {
      by_name_[tracker.process].push_back(i);
      continue;
    }
    Command command{i, join(tracker.parameters), tracker.param_match};
    // One more than itself, its NULs included: or a longer command line would look the same.
    command_max_ = std::max(command_max_, tracker.process.size() + command.parameters.size() + 3);
    by_command_[tracker.process].push_back(std::move(command));
  }
}

bool ProcessMatcher::Command::fits(std::string_view words) const {
  switch (match) {
    case ParamMatch::None:
      return true;
    case ParamMatch::Exact:
      return words == parameters;
    case ParamMatch::Partial:
      return parameters.empty() ||
             (words.starts_with(parameters) &&
              (words.size() == parameters.size() || words[parameters.size()] == '\0'));
    case ParamMatch::Initial:
      return words.starts_with(parameters);
  }
  return false;
}

void ProcessMatcher::match_name(std::string_view name, std::vector<std::size_t>& found) const {
  const auto entry = by_name_.find(name);
  if (entry == by_name_.end()) return;
  found.insert(found.end(), entry->second.begin(), entry->second.end());
}

void ProcessMatcher::match_command(std::string_view command,
                                   std::vector<std::size_t>& found) const {
  const std::string_view words = without_padding(command);
  // Kernel threads and zombies have none.
  if (words.empty()) return;
  const std::size_t end = std::min(words.find('\0'), words.size());
  const auto entry = by_command_.find(words.substr(0, end));
  if (entry == by_command_.end()) return;
  const std::string_view parameters = words.substr(std::min(end + 1, words.size()));
  for (const Command& one : entry->second) {
    if (one.fits(parameters)) found.push_back(one.tracker);
  }
}

}  // namespace holdfast
