// What time does to standing orders: silence that has lasted, adverts that are due, bursts, and the
// lease of the policy itself.
#include <algorithm>

#include "standing_orders.hpp"

namespace holdfast {

Duration StandingOrders::skew(const WatchMember& watch, Duration interval) {
  return static_cast<Duration>(watch.share) * interval / 256 + watch.plus;
}

Instant StandingOrders::silent_at(const Post& post, const Unit& unit) const {
  const Instant since = unit.since;
  const Evidence& evidence = post.evidence;
  const bool heard = evidence.any && evidence.at >= since;
  // A master that has resigned before we began is nobody's master any more.
  const bool learnt = evidence.any && (heard || !evidence.resigned) && post.watch.learns;
  const Duration interval = learnt ? evidence.interval : post.watch.interval;
  const Instant base = std::max(heard ? evidence.at : since, post.listening);
  // Whoever has a policy goes first.
  const bool invited = heard && evidence.resigned && !unit.last_resort;
  if (invited) return base + skew(post.watch, interval);
  return base + static_cast<Duration>(post.watch.factor) * interval + skew(post.watch, interval);
}

Instant StandingOrders::unit_due(const Unit& unit) const {
  Instant due = unit.members.empty() ? kNever : 0;
  for (const InstanceId member : unit.members) {
    due = std::max(due, silent_at(posts_[member], unit));
  }
  return due;
}

Instant StandingOrders::post_due(const Post& post) const {
  Instant due = std::min({post.next_advert, post.mute_until, post.second_burst, post.refresh});
  if (post.untold) due = std::min(due, post.tokens_at + kReportEvery);
  return due;
}

// An entity has one live entry. A later due time leaves it in place: it pops early and is put back.
void StandingOrders::queue(InstanceId instance) {
  Post& post = posts_[instance];
  const Instant due = post_due(post);
  if (due >= post.queued) return;
  post.queued = due;
  queue_.push({due, false, instance});
}

void StandingOrders::queue_unit(std::size_t index) {
  Unit& unit = units_[index];
  const Instant due = unit_due(unit);
  if (due >= unit.queued) return;
  unit.queued = due;
  queue_.push({due, true, index});
}

void StandingOrders::disband(std::size_t index) {
  for (const InstanceId member : units_[index].members) {
    posts_[member].unit = kNone;
    if (posts_[member].role == Role::Watching) posts_[member].role = Role::Idle;
  }
  units_[index].members.clear();
  units_[index].queued = kNever;
  units_[index].last_resort = false;
}

std::size_t StandingOrders::free_unit() {
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (units_[i].members.empty()) return i;
  }
  units_.emplace_back();
  return units_.size() - 1;
}

std::optional<Instant> StandingOrders::deadline() {
  // Every advert moves a unit's due time on and leaves its entry behind; waking for each of those
  // would cost more than the adverts.
  while (!queue_.empty() && queue_.top().is_unit) {
    const Entry entry = queue_.top();
    Unit& unit = units_[entry.index];
    if (unit.queued == entry.due && unit_due(unit) == entry.due) break;
    queue_.pop();
    if (unit.queued != entry.due) continue;
    unit.queued = kNever;
    queue_unit(entry.index);
  }
  const Instant lease = lapsed_ ? kNever : lease_until_;
  const Instant due = queue_.empty() ? lease : std::min(lease, queue_.top().due);
  if (due == kNever) return std::nullopt;
  return due;
}

void StandingOrders::expire(Instant now) {
  if (!lapsed_ && now >= lease_until_) lapse(now);
  while (!queue_.empty() && queue_.top().due <= now) {
    const Entry entry = queue_.top();
    queue_.pop();
    if (entry.is_unit) {
      Unit& unit = units_[entry.index];
      if (unit.queued != entry.due) continue;
      unit.queued = kNever;
      const Instant due = unit_due(unit);
      // A watch ordered before the lease is renewed does not fire.
      if (lapsed_ && !unit.last_resort) continue;
      if (due <= now) {
        take_over(entry.index, now, due);
      } else {
        queue_unit(entry.index);
      }
    } else {
      Post& post = posts_[entry.index];
      if (post.queued != entry.due) continue;
      post.queued = kNever;
      expire_post(static_cast<InstanceId>(entry.index), now);
      queue(static_cast<InstanceId>(entry.index));
    }
  }
}

void StandingOrders::expire_post(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (post.next_advert <= now) expire_advert(instance, now);
  if (post.mute_until <= now) {
    const bool offered = post.role == Role::Offering;
    settle(instance, now);
    // Nobody wanted it: the service keeps its address, and anybody who wakes up may have it.
    post.at_one = offered;
    hands_.send_advert(instance, offered ? 1 : post.terms.priority);
    hands_.announce(instance, post.garp.repeat);
  }
  if (post.second_burst <= now) {
    post.second_burst = kNever;
    hands_.announce(instance, post.second_rounds);
  }
  if (post.refresh <= now) {
    post.refresh = now + post.garp.refresh;
    hands_.announce(instance, post.garp.refresh_repeat);
  }
  tell(instance, now);
}

// We were silent for so long that a peer may be master by now: listen before speaking.
bool StandingOrders::listen_after_silence(Post& post, Instant now) {
  if (post.role != Role::Advertising) return false;
  const Instant last = post.next_advert - post.terms.every;
  if (now - last <= post.terms.down) return false;
  post.role = Role::Listening;
  post.next_advert = kNever;
  post.mute_until = now + post.terms.every + post.terms.every / 4;
  return true;
}

void StandingOrders::expire_advert(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (post.role == Role::Offering) {
    // One lost packet must not lose the offer: a peer with nopreempt would follow us for ever.
    hands_.send_advert(instance, 0);
    post.next_advert = now + post.terms.every;
    return;
  }
  if (listen_after_silence(post, now)) return;
  hands_.send_advert(instance, post.at_one ? 1 : post.terms.priority);
  // Absolute schedule: what was missed is missed, and the grid stays.
  const std::int64_t periods = (now - post.next_advert) / post.terms.every + 1;
  post.next_advert += periods * post.terms.every;
}

void StandingOrders::lapse(Instant now) {
  lapsed_ = true;
  hands_.report({now, LeaseLapsed{}});
  for (InstanceId instance = 0; instance < posts_.size(); ++instance) {
    Post& post = posts_[instance];
    if (post.role == Role::Watching) {
      // A hung standby takes nothing over.
      disband(post.unit);
      continue;
    }
    if (post.role != Role::Advertising && post.role != Role::Listening) continue;
    if (post.terms.on_stall == OnStall::Resign) {
      resign(instance, now);
    } else if (post.terms.on_stall == OnStall::Offer) {
      offer(instance, now);
      queue(instance);
    }
  }
}

// Hold the addresses for whoever wants them.
void StandingOrders::offer(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  hands_.send_advert(instance, 0);
  post.role = Role::Offering;
  post.next_advert = now + post.terms.every;
  post.mute_until = now + post.terms.down;
}

// They gave way while their policy hangs. To whom may be hanging as well, or have given way to an
// advert of ours that was under way: when all are silent, they offer again instead of nobody.
void StandingOrders::watch_again(const std::vector<InstanceId>& members, Instant now) {
  for (const InstanceId member : members) {
    if (posts_[member].terms.on_stall == OnStall::Resign) return;
  }
  const std::size_t index = free_unit();
  Unit& unit = units_[index];
  unit.since = now;
  unit.last_resort = true;
  for (const InstanceId member : members) {
    Post& post = posts_[member];
    post.watch.min_priority = 1;
    post.watch.interval = post.terms.every;
    post.watch.on_silence = post.terms;
    // An owner has never watched anybody.
    if (post.watch.factor == 0) post.watch.plus = post.terms.down;
    post.role = Role::Watching;
    post.unit = index;
    post.counted = post.evidence.any && post.last.priority != 0;
    unit.members.push_back(member);
  }
  queue_unit(index);
}

}  // namespace holdfast
