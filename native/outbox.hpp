// What the plane tells JS: a bounded ring and a doorbell. Losses are counted and told; failures
// that repeat are thinned to one a second, with their number.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "contract.hpp"
#include "mailbox.hpp"

namespace holdfast {

class Outbox {
 public:
  // `ring` is called on the plane's thread, once until somebody drains.
  explicit Outbox(std::function<void()> ring) : ring_(std::move(ring)) {}

  // [plane]
  void emit(Event event);
  // [plane]
  void fail(std::optional<InstanceId> instance, const std::string& what, int error, Instant now);
  // [plane]
  [[nodiscard]] std::uint64_t lost() const { return lost_total_; }
  // [plane] Whether JS was told of a loss since the last call: states must be told anew.
  bool take_told_loss() { return std::exchange(told_loss_, false); }
  // [js]
  std::vector<Event> drain();

 private:
  struct Failure {
    std::string what;
    int error = 0;
    Instant next = 0;
    std::uint64_t count = 0;
  };

  static constexpr std::size_t kEventsMax = 8192;
  // Kept for what states hang on: a lost turn or wake would be missed for ever.
  static constexpr std::size_t kReserve = 1024;
  static constexpr std::size_t kFailuresMax = 64;
  static constexpr Duration kFailEvery = 1'000'000;

  std::function<void()> ring_;
  Ring<Event> events_{kEventsMax};
  std::atomic<bool> armed_{true};
  std::uint64_t lost_ = 0;
  std::uint64_t lost_total_ = 0;
  bool told_loss_ = false;
  std::vector<Failure> failures_;
};

}  // namespace holdfast
