#include "orders_binding.hpp"

#include <utility>

#include "convert.hpp"
#include "standing_orders.hpp"

namespace holdfast {

namespace {

// Effects as JS objects: {kind: 'send-advert' | 'claim' | 'release' | 'announce' | 'report', …}.
class RecordingHands final : public Hands {
 public:
  explicit RecordingHands(Names& names) : names_(names) {}

  void begin(Napi::Env env) { done_ = Napi::Array::New(env); }
  Napi::Array end() { return std::exchange(done_, Napi::Array()); }

  void send_advert(InstanceId instance, std::uint8_t priority) override {
    Napi::Object effect = add("send-advert", instance);
    effect.Set("priority", priority);
  }
  void claim(InstanceId instance) override { add("claim", instance); }
  void release(InstanceId instance) override { add("release", instance); }
  void announce(InstanceId instance, std::uint32_t rounds) override {
    Napi::Object effect = add("announce", instance);
    effect.Set("rounds", rounds);
  }
  void report(Event event) override {
    Napi::Object effect = Napi::Object::New(done_.Env());
    effect.Set("kind", "report");
    effect.Set("event", to_js(done_.Env(), event, names_));
    done_.Set(done_.Length(), effect);
  }

 private:
  Napi::Object add(const char* kind, InstanceId instance) {
    Napi::Object effect = Napi::Object::New(done_.Env());
    effect.Set("kind", kind);
    effect.Set("instance", names_.name(instance));
    done_.Set(done_.Length(), effect);
    return effect;
  }

  Names& names_;
  Napi::Array done_;
};

class Orders final : public Napi::ObjectWrap<Orders> {
 public:
  explicit Orders(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<Orders>(info), hands_(names_), orders_(hands_) {}

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Orders",
        {InstanceMethod("submit", &Orders::submit), InstanceMethod("heard", &Orders::heard),
         InstanceMethod("expire", &Orders::expire), InstanceMethod("overslept", &Orders::overslept),
         InstanceMethod("deadline", &Orders::deadline)});
  }

 private:
  Napi::Value submit(const Napi::CallbackInfo& info) {
    const Napi::Array list = info[0].As<Napi::Array>();
    const Instant now = info[1].As<Napi::Number>().Int64Value();
    hands_.begin(info.Env());
    for (std::uint32_t i = 0; i < list.Length(); ++i) {
      const Command command = to_command(list.Get(i), names_);
      if (info.Env().IsExceptionPending()) break;
      obey(command, now);
    }
    return hands_.end();
  }

  void obey(const Command& command, Instant now) {
    if (const auto* open = std::get_if<Open>(&command)) orders_.open(*open, now);
    if (const auto* close = std::get_if<Close>(&command)) orders_.close(close->instance, now);
    if (const auto* order = std::get_if<Advertise>(&command)) orders_.advertise(*order, now);
    if (const auto* order = std::get_if<Watch>(&command)) orders_.watch(*order);
    if (const auto* order = std::get_if<Resign>(&command)) orders_.resign(order->instance, now);
    if (const auto* order = std::get_if<Lease>(&command)) orders_.lease(order->until, now);
  }

  Napi::Value heard(const Napi::CallbackInfo& info) {
    hands_.begin(info.Env());
    const InstanceId id = names_.id(info[0].As<Napi::String>().Utf8Value());
    const AdvertFacts facts = to_advert(info[1]);
    if (!info.Env().IsExceptionPending()) {
      orders_.heard(id, facts, info[2].As<Napi::Number>().Int64Value(),
                    info[3].As<Napi::Number>().Int64Value());
    }
    return hands_.end();
  }

  Napi::Value expire(const Napi::CallbackInfo& info) {
    hands_.begin(info.Env());
    orders_.expire(info[0].As<Napi::Number>().Int64Value());
    return hands_.end();
  }

  Napi::Value overslept(const Napi::CallbackInfo& info) {
    orders_.overslept(info[0].As<Napi::Number>().Int64Value(),
                      info[1].As<Napi::Number>().Int64Value());
    return info.Env().Undefined();
  }

  Napi::Value deadline(const Napi::CallbackInfo& info) {
    const std::optional<Instant> at = orders_.deadline();
    if (!at) return info.Env().Null();
    return Napi::Number::New(info.Env(), static_cast<double>(*at));
  }

  Names names_;
  RecordingHands hands_;
  StandingOrders orders_;
};

}  // namespace

Napi::Function orders_class(Napi::Env env) { return Orders::define(env); }

}  // namespace holdfast
