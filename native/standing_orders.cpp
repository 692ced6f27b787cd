#include "standing_orders.hpp"

#include <algorithm>
#include <utility>

namespace holdfast {

namespace {

// Instances with equal intervals share a grid, so that one wake and one sendmmsg serve them all.
constexpr Duration kGridMax = 10'000;

Instant next_on_grid(Instant now, Duration every) {
  const Duration grid = std::min(every, kGridMax);
  const Instant next = (now + every) / grid * grid;
  return next > now ? next : now + every;
}

}  // namespace

StandingOrders::Post* StandingOrders::find(InstanceId instance) {
  if (instance >= posts_.size() || posts_[instance].role == Role::Closed) return nullptr;
  return &posts_[instance];
}

const StandingOrders::Post* StandingOrders::find(InstanceId instance) const {
  if (instance >= posts_.size() || posts_[instance].role == Role::Closed) return nullptr;
  return &posts_[instance];
}

bool StandingOrders::masterly(const Post& post) {
  return post.role == Role::Advertising || post.role == Role::Listening ||
         post.role == Role::Offering;
}

bool StandingOrders::holds(InstanceId instance) const {
  const Post* post = find(instance);
  return post != nullptr && masterly(*post);
}

// ---- orders

void StandingOrders::open(const Open& order, Instant now) {
  if (order.instance >= posts_.size()) posts_.resize(order.instance + 1);
  Post& post = posts_[order.instance];
  if (post.role == Role::Closed) {
    post = Post{};
    post.role = Role::Idle;
    post.opened = now;
    post.tokens_at = now;
    post.turn = order.turn;
    turn_ = std::max(turn_, order.turn);
  }
  post.source = order.source;
  post.garp = order.garp;
  post.told.reset();
}

void StandingOrders::close(InstanceId instance, Instant now) {
  Post* post = find(instance);
  if (post == nullptr) return;
  resign(instance, now);
  *post = Post{};
}

void StandingOrders::advertise(const Advertise& order, Instant now) {
  const InstanceId instance = order.terms.instance;
  Post* post = find(instance);
  if (post == nullptr || post->turn != order.turn) return;
  switch (post->role) {
    case Role::Advertising: {
      const bool retimed = post->terms.every != order.terms.every;
      post->terms = order.terms;
      if (retimed) post->next_advert = next_on_grid(now, post->terms.every);
      break;
    }
    case Role::Listening:
    case Role::Offering:
      post->terms = order.terms;
      break;
    case Role::Idle:
    case Role::Watching:
      start(instance, order.terms, now);
      hands_.send_advert(instance, post->terms.priority);
      hands_.claim(instance);
      hands_.announce(instance, post->garp.repeat);
      break;
    case Role::Closed:
      break;
  }
  queue(instance);
}

void StandingOrders::watch(const Watch& order, Instant now) {
  for (const WatchMember& member : order.members) {
    const Post* post = find(member.instance);
    if (post == nullptr || post->turn != member.turn || masterly(*post)) return;
  }
  std::size_t index = kNone;
  for (const WatchMember& member : order.members) {
    if (posts_[member.instance].unit != kNone) disband(posts_[member.instance].unit);
  }
  for (std::size_t i = 0; i < units_.size() && index == kNone; ++i) {
    if (units_[i].members.empty()) index = i;
  }
  if (index == kNone) {
    index = units_.size();
    units_.emplace_back();
  }
  Unit& unit = units_[index];
  unit.since = order.since;
  unit.queued = kNever;
  for (const WatchMember& member : order.members) {
    Post& post = posts_[member.instance];
    if (post.role != Role::Watching) post.told.reset();
    post.role = Role::Watching;
    post.watch = member;
    post.unit = index;
    post.counted = post.last.priority >= member.min_priority && post.last.priority != 0;
    unit.members.push_back(member.instance);
    queue(member.instance);
  }
  queue_unit(index);
  (void)now;
}

void StandingOrders::resign(InstanceId instance, Instant now) {
  Post* post = find(instance);
  if (post == nullptr) return;
  if (masterly(*post)) {
    if (post->role != Role::Offering) hands_.send_advert(instance, 0);
    hands_.release(instance);
  }
  if (post->unit != kNone) disband(post->unit);
  stand_down(*post);
  queue(instance);
  (void)now;
}

void StandingOrders::lease(Instant until, Instant now) {
  if (until <= now) return;
  lease_until_ = until;
  if (!std::exchange(lapsed_, false)) return;
  for (std::size_t index = 0; index < units_.size(); ++index) queue_unit(index);
  for (InstanceId instance = 0; instance < posts_.size(); ++instance) {
    Post& post = posts_[instance];
    if (post.role != Role::Offering && !post.at_one) continue;
    // JS is back and nobody has taken the address: take the offer back.
    settle(instance, now);
    hands_.send_advert(instance, post.terms.priority);
    queue(instance);
  }
}

void StandingOrders::overslept(Duration gap) {
  if (lease_until_ != kNever && !lapsed_) lease_until_ += gap;
  // A paused machine hears nothing: silence is measured in the time in which we could listen.
  for (Post& post : posts_) post.evidence.at += gap;
  for (Unit& unit : units_) unit.since += gap;
}

// ---- changing sides

void StandingOrders::stand_down(Post& post) {
  post.role = Role::Idle;
  post.at_one = false;
  post.next_advert = post.mute_until = post.second_burst = post.refresh = kNever;
  post.told.reset();
}

// Be master from now on; the caller says it to the wire.
void StandingOrders::start(InstanceId instance, const AdvertTerms& terms, Instant now) {
  Post& post = posts_[instance];
  if (post.unit != kNone) disband(post.unit);
  post.terms = terms;
  post.told.reset();
  settle(instance, now);
  post.second_burst = post.garp.delay > 0 ? now + post.garp.delay : kNever;
  post.second_rounds = post.garp.repeat;
  post.refresh = post.garp.refresh > 0 ? now + post.garp.delay + post.garp.refresh : kNever;
}

void StandingOrders::settle(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  post.role = Role::Advertising;
  post.at_one = false;
  post.mute_until = kNever;
  post.next_advert = next_on_grid(now, post.terms.every);
}

void StandingOrders::take_over(std::size_t index, Instant now, Instant due) {
  TookOver event;
  event.instances = units_[index].members;
  event.turn = ++turn_;
  event.late = now - due;
  disband(index);
  for (const InstanceId instance : event.instances) {
    Post& post = posts_[instance];
    post.turn = turn_;
    const AdvertTerms terms = post.watch.on_silence;
    start(instance, terms, now);
    hands_.send_advert(instance, terms.priority);
  }
  for (const InstanceId instance : event.instances) hands_.claim(instance);
  for (const InstanceId instance : event.instances) {
    hands_.announce(instance, posts_[instance].garp.repeat);
    queue(instance);
  }
  hands_.report({now, std::move(event)});
}

void StandingOrders::give_way(InstanceId instance, const AdvertFacts& advert, Instant now) {
  Yielded event;
  event.instance = instance;
  event.advert = advert;
  event.turn = ++turn_;
  event.instances = {instance};
  for (const InstanceId fellow : posts_[instance].terms.fellows) {
    const Post* post = find(fellow);
    if (fellow == instance || post == nullptr || !masterly(*post)) continue;
    event.instances.push_back(fellow);
    // Its own peers have heard nothing better yet: let them take it after their skew.
    if (post->role != Role::Offering) hands_.send_advert(fellow, 0);
  }
  for (const InstanceId member : event.instances) {
    hands_.release(member);
    stand_down(posts_[member]);
    posts_[member].turn = turn_;
    queue(member);
  }
  Post& post = posts_[instance];
  post.evidence = {now, advert.interval, advert.source, false, true};
  post.told = advert;  // the event itself tells it
  hands_.report({now, std::move(event)});
}

void StandingOrders::answer(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (now - post.answered < std::min(post.terms.every, kAnswerEveryMax)) return;
  post.answered = now;
  hands_.send_advert(instance, post.at_one ? 1 : post.terms.priority);
}

// Another master is on the wire and loses: whoever listened to it must hear us again.
void StandingOrders::reassert(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (post.terms.answers) answer(instance, now);
  if (post.garp.lower_repeat == 0 || now - post.announced < kAnnounceEvery) return;
  post.announced = now;
  hands_.announce(instance, post.garp.lower_repeat);
  if (post.garp.lower_delay > 0) {
    post.second_burst = now + post.garp.lower_delay;
    post.second_rounds = post.garp.lower_repeat;
  }
}

void StandingOrders::announce_again(InstanceId instance) {
  const Post* post = find(instance);
  if (post != nullptr && masterly(*post)) hands_.announce(instance, post->garp.repeat);
}

// ---- what is heard

void StandingOrders::heard(InstanceId instance, const AdvertFacts& advert, Instant at) {
  Post* post = find(instance);
  if (post == nullptr) return;
  post->last = advert;
  if (masterly(*post)) {
    heard_as_master(instance, advert, at);
  } else {
    heard_as_backup(*post, advert, at);
  }
  if (post->told != advert) {
    post->untold = true;
    tell(instance, at);
  }
  queue(instance);
}

void StandingOrders::heard_again(InstanceId instance, Instant at) {
  Post* post = find(instance);
  if (post == nullptr) return;
  if (post->role == Role::Watching && post->counted && !post->evidence.resigned) {
    post->evidence.at = std::max(post->evidence.at, at);
    return;
  }
  heard(instance, AdvertFacts(post->last), at);
}

void StandingOrders::heard_as_backup(Post& post, const AdvertFacts& advert, Instant at) {
  post.counted = false;
  if (advert.priority == 0) {
    // Only the master that we follow can resign; a second resignation does not push the first.
    const bool ours = !post.evidence.any || post.evidence.source == advert.source;
    if (!ours || post.evidence.resigned) return;
    const Duration interval = post.evidence.any ? post.evidence.interval : advert.interval;
    post.evidence = {std::max(at, post.evidence.at), interval, advert.source, true, true};
    if (post.unit != kNone) queue_unit(post.unit);
    return;
  }
  if (post.role == Role::Watching && advert.priority < post.watch.min_priority) return;
  post.counted = post.role == Role::Watching;
  // A shorter interval brings the deadline nearer than the queue may know.
  const bool nearer = advert.interval < post.evidence.interval || post.evidence.resigned;
  post.evidence = {std::max(at, post.evidence.at), advert.interval, advert.source, false, true};
  if (post.unit != kNone && nearer) queue_unit(post.unit);
}

void StandingOrders::heard_as_master(InstanceId instance, const AdvertFacts& advert, Instant at) {
  Post& post = posts_[instance];
  if (advert.priority == 0) {
    // RFC 9568 §6.4.3: answer a resignation at once, somebody may be waiting for its skew.
    if (post.role == Role::Advertising) answer(instance, at);
    return;
  }
  const std::uint8_t own = post.at_one ? 1 : post.terms.priority;
  const bool better =
      advert.priority > own || (advert.priority == own && advert.source > post.source);
  const bool late = post.role == Role::Listening && post.terms.relents;
  if (better || late || post.role == Role::Offering) {
    give_way(instance, advert, at);
    return;
  }
  if (post.role == Role::Listening) {
    settle(instance, at);
    post.answered = 0;
  }
  reassert(instance, at);
}

// Report the newest advert, within the budget that keeps a storm from starving JS.
void StandingOrders::tell(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (!post.untold) return;
  const std::int64_t earned = (now - post.tokens_at) / kReportEvery;
  if (earned > 0) {
    post.tokens = static_cast<std::uint32_t>(
        std::min<std::int64_t>(kReportBurstMax, post.tokens + earned));
    post.tokens_at = now;
  }
  if (post.tokens == 0) return;
  --post.tokens;
  post.untold = false;
  post.told = post.last;
  hands_.report({now, AdvertReceived{instance, post.last}});
}

// ---- time

Duration StandingOrders::skew(const WatchMember& watch, Duration interval) {
  return static_cast<Duration>(watch.share) * interval / 256 + watch.plus;
}

Instant StandingOrders::silent_at(const Post& post, Instant since) const {
  const bool heard = post.evidence.any && post.evidence.at >= since;
  const Duration interval =
      heard && post.watch.learns ? post.evidence.interval : post.watch.interval;
  const Instant base = heard ? post.evidence.at : std::max(since, post.opened);
  if (heard && post.evidence.resigned) return base + skew(post.watch, interval);
  return base + static_cast<Duration>(post.watch.factor) * interval + skew(post.watch, interval);
}

Instant StandingOrders::unit_due(const Unit& unit) const {
  Instant due = unit.members.empty() ? kNever : 0;
  for (const InstanceId member : unit.members) {
    due = std::max(due, silent_at(posts_[member], unit.since));
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
}

std::optional<Instant> StandingOrders::deadline() const {
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
      if (lapsed_) continue;  // a watch ordered before the lease is renewed does not fire
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

void StandingOrders::expire_advert(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (now - post.next_advert > post.terms.down) {
    // We were silent for so long that a peer may be master by now: listen before speaking.
    post.role = Role::Listening;
    post.next_advert = kNever;
    post.mute_until = now + post.terms.every + post.terms.every / 4;
    return;
  }
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
      hands_.send_advert(instance, 0);
      post.role = Role::Offering;
      post.next_advert = kNever;
      post.mute_until = now + post.terms.down;
      queue(instance);
    }
  }
}

}  // namespace holdfast
