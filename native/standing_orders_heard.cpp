// What adverts do to standing orders: re-arm a watch, make a master answer or give way, and be
// told to the policy within a budget.
#include <algorithm>

#include "standing_orders.hpp"

namespace holdfast {

void StandingOrders::heard(InstanceId instance, const AdvertFacts& advert, Instant at,
                           Instant now) {
  Post* post = find(instance);
  if (post == nullptr) return;
  post->last = advert;
  if (masterly(*post)) {
    heard_as_master(instance, advert, at, now);
  } else {
    heard_as_backup(*post, advert, at);
  }
  if (post->told != advert) {
    post->untold = true;
    tell(instance, now);
  }
  queue(instance);
}

void StandingOrders::heard_again(InstanceId instance, Instant at, Instant now) {
  Post* post = find(instance);
  if (post == nullptr) return;
  if (post->role == Role::Watching && post->counted && !post->evidence.resigned) {
    post->evidence.at = std::max(post->evidence.at, at);
    return;
  }
  heard(instance, AdvertFacts(post->last), at, now);
}

void StandingOrders::heard_as_backup(Post& post, const AdvertFacts& advert, Instant at) {
  post.counted = false;
  // In Initialize (keepalived's FAULT) adverts are no evidence: nobody is followed.
  if (!post.attends) return;
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
  post.evidence = {std::max(at, post.evidence.at), advert.interval, advert.source, false, true};
  // A shorter interval brings the deadline nearer than the queue may know.
  if (post.unit != kNone) queue_unit(post.unit);
}

void StandingOrders::heard_as_master(InstanceId instance, const AdvertFacts& advert, Instant at,
                                     Instant now) {
  Post& post = posts_[instance];
  if (advert.priority == 0) {
    // RFC 9568 §6.4.3: answer a resignation at once, somebody may be waiting for its skew.
    if (post.role == Role::Advertising) answer(instance, now);
    return;
  }
  const std::uint8_t own = post.at_one ? 1 : post.terms.priority;
  const bool better =
      advert.priority > own || (advert.priority == own && advert.source > post.source);
  const bool late = post.role == Role::Listening && post.terms.relents;
  if (better || late || post.role == Role::Offering) {
    give_way(instance, advert, at, now);
    return;
  }
  if (post.role == Role::Listening) {
    settle(instance, now);
    post.answered = 0;
  }
  reassert(instance, now);
}

// Report the newest advert, within the budget that keeps a storm from starving JS.
void StandingOrders::tell(InstanceId instance, Instant now) {
  Post& post = posts_[instance];
  if (!post.untold) return;
  const std::int64_t earned = (now - post.tokens_at) / kReportEvery;
  if (earned > 0) {
    post.tokens =
        static_cast<std::uint32_t>(std::min<std::int64_t>(kReportBurstMax, post.tokens + earned));
    post.tokens_at = now;
  }
  if (post.tokens == 0) return;
  --post.tokens;
  post.untold = false;
  post.told = post.last;
  hands_.report({now, AdvertReceived{instance, post.last}});
}

}  // namespace holdfast
