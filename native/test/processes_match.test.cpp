// Which trackers fit a name or a command line: the figures are keepalived 2.2.7's own.
#include "processes_match.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::test {

using namespace std::string_view_literals;

using Found = std::vector<std::size_t>;

ProcessTracker by_name(std::string process) { return {"t", std::move(process), {}, {}, false}; }

ProcessTracker by_command(std::string process, std::vector<std::string> parameters,
                          ParamMatch match) {
  return {"t", std::move(process), std::move(parameters), match, true};
}

bool fits(const ProcessTracker& tracker, std::string_view command) {
  Found found;
  ProcessMatcher({tracker}).match_command(command, found);
  return !found.empty();
}

TEST_CASE("a name fits as a whole, and only as it is written") {
  const ProcessMatcher matcher(
      {by_name("sleep"), by_name("/bin/sleep"), by_name("sleep"), by_name("abcdefghijklmnopq")});
  CHECK(matcher.wants_name());
  CHECK_FALSE(matcher.wants_command());
  Found found;
  matcher.match_name("sleep", found);
  CHECK(found == Found{0, 2});
  for (const auto other : {"slee", "sleeps", "", "abcdefghijklmno"}) {
    Found none;
    matcher.match_name(other, none);
    CHECK(none.empty());
    CHECK_FALSE(matcher.knows_name(other));
  }
}

TEST_CASE("parameters ask for the command line, with or without full_command") {
  ProcessTracker tracker = by_command("sleep", {"9"}, ParamMatch::Exact);
  tracker.full_command = false;
  CHECK(tracker.by_command());
  CHECK(fits(tracker, "sleep\0009\0"sv));
  tracker.param_match = ParamMatch::None;
  CHECK_FALSE(tracker.by_command());
}

TEST_CASE("without a match of parameters any will do") {
  const ProcessTracker tracker = by_command("sleep", {}, ParamMatch::None);
  CHECK(fits(tracker, "sleep\0"sv));
  CHECK(fits(tracker, "sleep\00010001\00020\0"sv));
  CHECK_FALSE(fits(tracker, "/bin/sleep\00010001\0"sv));
  CHECK_FALSE(fits(tracker, "sleeps\0"sv));
  CHECK_FALSE(fits(tracker, "slee\0"sv));
}

TEST_CASE("exact: these parameters and no others") {
  const ProcessTracker tracker = by_command("sleep", {"10001"}, ParamMatch::Exact);
  CHECK(fits(tracker, "sleep\00010001\0"sv));
  CHECK_FALSE(fits(tracker, "sleep\0"sv));
  CHECK_FALSE(fits(tracker, "sleep\00010001\00020\0"sv));
  CHECK_FALSE(fits(tracker, "sleep\000100012\0"sv));
  CHECK_FALSE(fits(tracker, "sleep\0001000\0"sv));
  const ProcessTracker bare = by_command("sleep", {}, ParamMatch::Exact);
  CHECK(fits(bare, "sleep\0"sv));
  CHECK_FALSE(fits(bare, "sleep\0009\0"sv));
}

TEST_CASE("partial: these come first, each as a whole") {
  const ProcessTracker one = by_command("sleep", {"10001"}, ParamMatch::Partial);
  CHECK(fits(one, "sleep\00010001\0"sv));
  CHECK(fits(one, "sleep\00010001\00020\0"sv));
  CHECK_FALSE(fits(one, "sleep\000100012\0"sv));
  CHECK_FALSE(
      fits(by_command("sleep", {"10001", "2"}, ParamMatch::Partial), "sleep\00010001\00020\0"sv));
  CHECK(fits(by_command("sleep", {}, ParamMatch::Partial), "sleep\00010001\0"sv));
}

TEST_CASE("initial: the last one may go on") {
  const ProcessTracker one = by_command("sleep", {"100"}, ParamMatch::Initial);
  for (const auto command :
       {"sleep\000100\0"sv, "sleep\00010001\0"sv, "sleep\00010001\00020\0"sv}) {
    CHECK(fits(one, command));
  }
  const ProcessTracker two = by_command("sleep", {"10001", "2"}, ParamMatch::Initial);
  CHECK(fits(two, "sleep\00010001\00020\0"sv));
  CHECK_FALSE(fits(two, "sleep\000100012\00020\0"sv));
  CHECK(fits(by_command("sleep", {}, ParamMatch::Initial), "sleep\0009\0"sv));
}

TEST_CASE("a rewritten title is one word, and its padding is none") {
  const ProcessTracker title = by_command("nginx: worker process", {}, ParamMatch::Exact);
  CHECK(fits(title, "nginx: worker process\0\0\0\0\0\0"sv));
  CHECK(fits(title, "nginx: worker process"sv));
  CHECK_FALSE(fits(by_command("nginx", {}, ParamMatch::None), "nginx: worker process\0"sv));
}

TEST_CASE("kernel threads and zombies have no command line") {
  CHECK_FALSE(fits(by_command("", {}, ParamMatch::None), ""sv));
  CHECK_FALSE(fits(by_command("", {}, ParamMatch::None), "\0\0"sv));
}

TEST_CASE("parameters may be empty or hold blanks") {
  const ProcessTracker tracker = by_command("a", {"", "b c"}, ParamMatch::Exact);
  CHECK(fits(tracker, "a\0\0b c\0"sv));
  CHECK_FALSE(fits(tracker, "a\0b c\0"sv));
}

TEST_CASE("enough of a command line is read to tell a longer one") {
  const std::string word(10'000, 'x');
  const ProcessMatcher matcher({by_command("a", {word}, ParamMatch::Exact)});
  CHECK(matcher.command_max() > word.size() + 3);
  const std::string longer = std::string("a\0", 2) + word + "x" + std::string("\0", 1);
  Found found;
  matcher.match_command(std::string_view(longer).substr(0, matcher.command_max()), found);
  CHECK(found.empty());
}

}  // namespace holdfast::test
