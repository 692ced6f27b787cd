#include "outbox.hpp"

#include <algorithm>
#include <utility>

namespace holdfast {

namespace {

// Few by nature: one wake an alarm, and a turn needs an order.
bool vital(const EventBody& body) {
  return std::holds_alternative<TookOver>(body) || std::holds_alternative<Yielded>(body) ||
         std::holds_alternative<LeaseLapsed>(body) || std::holds_alternative<Woken>(body);
}

}  // namespace

void Outbox::emit(Event event) {
  const bool fits = vital(event.body) || events_.room() > kReserve;
  if (fits && lost_ > 0 && events_.push({event.at, Overrun{lost_}})) {
    lost_ = 0;
    told_loss_ = true;
  }
  if (!fits || !events_.push(std::move(event))) {
    ++lost_;
    ++lost_total_;
  }
  if (armed_.exchange(false, std::memory_order_seq_cst)) ring_();
}

void Outbox::fail(std::optional<InstanceId> instance, const std::string& what, int error,
                  Instant now) {
  auto seen = std::find_if(failures_.begin(), failures_.end(), [&](const Failure& one) {
    return one.error == error && one.what == what;
  });
  if (seen == failures_.end()) {
    if (failures_.size() >= kFailuresMax) failures_.erase(failures_.begin());
    seen = failures_.insert(failures_.end(), {what, error, 0, 0});
  }
  ++seen->count;
  if (now < seen->next) return;
  seen->next = now + kFailEvery;
  emit({now, Failed{instance, what, error, std::exchange(seen->count, 0)}});
}

std::vector<Event> Outbox::drain() {
  std::vector<Event> all;
  Event event;
  // Arm before the last look: what is pushed after it rings again.
  do {
    while (events_.pop(event)) all.push_back(std::move(event));
    armed_.store(true, std::memory_order_seq_cst);
  } while (!events_.empty());
  return all;
}

}  // namespace holdfast
