#include "plane_binding.hpp"

#include <cstring>
#include <memory>
#include <utility>

#include "convert.hpp"
#include "doorbell.hpp"
#include "plane.hpp"

namespace holdfast {

namespace {

class PlaneObject final : public Napi::ObjectWrap<PlaneObject> {
 public:
  explicit PlaneObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PlaneObject>(info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsObject() || !info[1].IsFunction()) {
      Napi::TypeError::New(env, "Plane(options, ring)").ThrowAsJavaScriptException();
      return;
    }
    Plane::Options options;
    options.realtime = info[0].As<Napi::Object>().Get("realtime").ToBoolean();
    // One place is enough: the bell rings once until somebody drains.
    doorbell_ = Doorbell::New(env, info[1].As<Napi::Function>(), "holdfast-plane", 1, 1);
    Result<std::unique_ptr<Plane>> started =
        Plane::start(options, [bell = doorbell_] { (void)bell.NonBlockingCall(); });
    if (!started) {
      doorbell_.Release();
      const std::string why = started.error().what + ": " + strerror(started.error().code);
      Napi::Error::New(env, why).ThrowAsJavaScriptException();
      return;
    }
    plane_ = std::move(*started);
  }

  ~PlaneObject() override { end(); }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Plane",
                       {InstanceMethod("submit", &PlaneObject::submit),
                        InstanceMethod("drain", &PlaneObject::drain),
                        InstanceMethod("counters", &PlaneObject::counters),
                        InstanceMethod("close", &PlaneObject::close)});
  }

 private:
  void end() {
    if (plane_ == nullptr) return;
    plane_->stop();
    plane_.reset();
    doorbell_.Release();
  }

  Napi::Value submit(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsArray()) {
      Napi::TypeError::New(env, "submit(commands)").ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const Napi::Array list = info[0].As<Napi::Array>();
    std::vector<Command> commands;
    for (std::uint32_t i = 0; i < list.Length(); ++i) {
      commands.push_back(to_command(list.Get(i), names_));
      if (env.IsExceptionPending()) return env.Undefined();
    }
    if (plane_ != nullptr) plane_->submit(std::move(commands));
    return env.Undefined();
  }

  Napi::Array to_array(Napi::Env env, const std::vector<Event>& events) {
    Napi::Array array = Napi::Array::New(env, events.size());
    for (std::uint32_t i = 0; i < events.size(); ++i) array.Set(i, to_js(env, events[i], names_));
    return array;
  }

  Napi::Value drain(const Napi::CallbackInfo& info) {
    if (plane_ == nullptr) return Napi::Array::New(info.Env());
    return to_array(info.Env(), plane_->drain());
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    if (plane_ == nullptr) return Napi::Array::New(info.Env());
    plane_->stop();
    const Napi::Array last = to_array(info.Env(), plane_->drain());
    end();
    return last;
  }

  Napi::Value counters(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Counters counters = plane_ == nullptr ? Counters{} : plane_->counters();
    const auto number = [&](auto value) {
      return Napi::Number::New(env, static_cast<double>(value));
    };
    Napi::Object object = Napi::Object::New(env);
    object.Set("advertsSent", number(counters.adverts_sent));
    object.Set("advertsReceived", number(counters.adverts_received));
    object.Set("announcementsSent", number(counters.announcements_sent));
    object.Set("receiveDropped", number(counters.receive_dropped));
    Napi::Object rejected = Napi::Object::New(env);
    for (std::size_t i = 0; i < kRejections.size(); ++i) {
      rejected.Set(std::string(kRejections[i]), number(counters.rejected[i]));
    }
    object.Set("rejected", rejected);
    object.Set("eventsLost", number(counters.events_lost));
    object.Set("advertLateMax", number(counters.advert_late_max));
    return object;
  }

  Names names_;
  Doorbell doorbell_;
  std::unique_ptr<Plane> plane_;
};

}  // namespace

Napi::Function plane_class(Napi::Env env) { return PlaneObject::define(env); }

}  // namespace holdfast
