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
    post.listening = now;
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

void StandingOrders::watch(const Watch& order) {
  for (const WatchMember& member : order.members) {
    const Post* post = find(member.instance);
    if (post == nullptr || post->turn != member.turn || masterly(*post)) return;
  }
  bool last_resort = false;
  for (const WatchMember& member : order.members) {
    const std::size_t old = posts_[member.instance].unit;
    if (old == kNone) continue;
    last_resort = last_resort || units_[old].last_resort;
    disband(old);
  }
  const std::size_t index = free_unit();
  Unit& unit = units_[index];
  unit.since = order.since;
  unit.queued = kNever;
  unit.last_resort = last_resort;
  for (const WatchMember& member : order.members) {
    Post& post = posts_[member.instance];
    if (post.role != Role::Watching) post.told.reset();
    post.role = Role::Watching;
    post.watch = member;
    post.attends = true;
    post.unit = index;
    // What was heard in Initialize is no evidence: its next repetition is to become it.
    post.counted = post.evidence.any && post.last.priority >= member.min_priority &&
                   post.last.priority != 0;
    unit.members.push_back(member.instance);
    queue(member.instance);
  }
  queue_unit(index);
}

void StandingOrders::resign(InstanceId instance, Instant now) {
  Post* post = find(instance);
  if (post == nullptr) return;
  if (masterly(*post)) {
    if (post->role != Role::Offering) hands_.send_advert(instance, 0);
    hands_.release(instance);
  }
  if (post->unit != kNone) disband(post->unit);
  stand_down(*post, now);
  // RFC 9568 §6.4.1: Initialize knows nobody.
  post->attends = false;
  post->evidence = Evidence{};
  post->listening = std::max(post->listening, now);
  queue(instance);
}

void StandingOrders::lease(Instant until, Instant now) {
  if (until <= now) return;
  lease_until_ = until;
  if (!std::exchange(lapsed_, false)) return;
  for (std::size_t index = 0; index < units_.size(); ++index) {
    units_[index].last_resort = false;
    queue_unit(index);
  }
  for (InstanceId instance = 0; instance < posts_.size(); ++instance) {
    Post& post = posts_[instance];
    if (post.role != Role::Offering && !post.at_one) continue;
    // JS is back and nobody has taken the address: take the offer back.
    settle(instance, now);
    hands_.send_advert(instance, post.terms.priority);
    queue(instance);
  }
}

void StandingOrders::overslept(Duration gap, Instant now) {
  if (lease_until_ != kNever && !lapsed_) lease_until_ += gap;
  // A paused machine hears nothing, and a queue that overflowed kept the oldest: a full silence
  // must be listened to before anybody is missed.
  for (InstanceId instance = 0; instance < posts_.size(); ++instance) {
    posts_[instance].listening = now;
    // Before the queued adverts are read: they may tell who has taken over meanwhile.
    if (listen_after_silence(posts_[instance], now)) queue(instance);
  }
}

// ---- changing sides

void StandingOrders::stand_down(Post& post, Instant now) {
  // Peers were silent because we spoke.
  if (masterly(post)) post.listening = std::max(post.listening, now);
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
  post.attends = true;
  post.evidence = Evidence{};
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
    if (lapsed_) {
      offer(instance, now);
    } else {
      hands_.send_advert(instance, terms.priority);
    }
  }
  for (const InstanceId instance : event.instances) hands_.claim(instance);
  for (const InstanceId instance : event.instances) {
    hands_.announce(instance, posts_[instance].garp.repeat);
    queue(instance);
  }
  hands_.report({now, std::move(event)});
}

void StandingOrders::give_way(InstanceId instance, const AdvertFacts& advert, Instant at,
                              Instant now) {
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
    stand_down(posts_[member], now);
    posts_[member].turn = turn_;
    queue(member);
  }
  Post& post = posts_[instance];
  post.evidence = {at, advert.interval, advert.source, false, true};
  post.told = advert;  // the event itself tells it
  if (lapsed_) watch_again(event.instances, now);
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

}  // namespace holdfast
