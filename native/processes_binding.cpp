#include "processes_binding.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "doorbell.hpp"
#include "processes.hpp"

namespace holdfast {

namespace {

// In the order of ParamMatch.
constexpr std::array<std::string_view, 4> kParamMatches = {"none", "exact", "partial", "initial"};

void refuse(Napi::Env env, const std::string& what) {
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, what).ThrowAsJavaScriptException();
}

std::string to_text(const Napi::Value& value, const char* what) {
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  refuse(value.Env(), std::string(what) + " must be a string");
  return {};
}

pid_t to_pid(const Napi::Value& value) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
  if (number >= 1 && number <= std::numeric_limits<pid_t>::max()) {
    const auto pid = static_cast<pid_t>(number);
    if (static_cast<double>(pid) == number) return pid;
  }
  refuse(value.Env(), "pid must be a positive integer");
  return 0;
}

ParamMatch to_match(const Napi::Value& value) {
  const std::string word = to_text(value, "paramMatch");
  const auto found = std::find(kParamMatches.begin(), kParamMatches.end(), word);
  if (found == kParamMatches.end()) {
    refuse(value.Env(), "paramMatch must be none, exact, partial or initial");
    return ParamMatch::None;
  }
  return static_cast<ParamMatch>(found - kParamMatches.begin());
}

// With an exception pending nothing more may be asked of JS.
std::vector<std::string> to_words(const Napi::Value& value) {
  std::vector<std::string> words;
  if (!value.IsArray()) {
    refuse(value.Env(), "parameters must be an array");
    return words;
  }
  const auto list = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < list.Length(); ++i) {
    words.push_back(to_text(list.Get(i), "a parameter"));
    if (value.Env().IsExceptionPending()) break;
  }
  return words;
}

ProcessTracker to_tracker(const Napi::Value& value) {
  ProcessTracker tracker;
  if (!value.IsObject()) {
    refuse(value.Env(), "a tracker must be an object");
    return tracker;
  }
  const auto object = value.As<Napi::Object>();
  const auto well = [&] { return !value.Env().IsExceptionPending(); };
  tracker.name = to_text(object.Get("name"), "name");
  if (well()) tracker.process = to_text(object.Get("process"), "process");
  if (well()) tracker.param_match = to_match(object.Get("paramMatch"));
  if (well()) tracker.full_command = object.Get("fullCommand").ToBoolean();
  if (well()) tracker.parameters = to_words(object.Get("parameters"));
  return tracker;
}

Processes::Options to_options(const Napi::Object& object) {
  Processes::Options options;
  const Napi::Value buffer = object.Get("receiveBuffer");
  if (buffer.IsNumber()) options.receive_buffer = buffer.As<Napi::Number>().Int32Value();
  if (object.Get("connector").IsBoolean()) options.connector = object.Get("connector").ToBoolean();
  if (object.Get("pidfd").IsBoolean()) options.pidfd = object.Get("pidfd").ToBoolean();
  return options;
}

class ProcessesObject final : public Napi::ObjectWrap<ProcessesObject> {
 public:
  explicit ProcessesObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<ProcessesObject>(info), env_(info.Env()) {
    const Napi::Env env = info.Env();
    if (!info[0].IsObject() || !info[1].IsFunction()) {
      refuse(env, "Processes(options, ring)");
      return;
    }
    const Processes::Options options = to_options(info[0].As<Napi::Object>());
    // One place is enough: the bell rings once until somebody has fetched everything.
    doorbell_ = Doorbell::New(env, info[1].As<Napi::Function>(), "holdfast-procs", 1, 1);
    Result<std::unique_ptr<Processes>> started =
        Processes::start(options, [bell = doorbell_] { (void)bell.NonBlockingCall(); });
    if (!started) {
      doorbell_.Release();
      const std::string why = started.error().what + ": " + strerror(started.error().code);
      Napi::Error::New(env, why).ThrowAsJavaScriptException();
      return;
    }
    processes_ = std::move(*started);
    napi_add_env_cleanup_hook(env_, end_with_environment, this);
  }

  ~ProcessesObject() override { end(); }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Processes",
                       {InstanceMethod("watch", &ProcessesObject::watch),
                        InstanceMethod("unwatch", &ProcessesObject::unwatch),
                        InstanceMethod("count", &ProcessesObject::count),
                        InstanceMethod("next", &ProcessesObject::next),
                        InstanceMethod("counters", &ProcessesObject::counters),
                        InstanceMethod("close", &ProcessesObject::close)});
  }

 private:
  // An environment that ends, as a worker's, may free the doorbell before it finalizes this object,
  // and the thread would ring what is gone. Hooks run latest first: this one before the bell's.
  static void end_with_environment(void* self) { static_cast<ProcessesObject*>(self)->end(); }

  void end() {
    if (processes_ == nullptr) return;
    processes_.reset();
    doorbell_.Release();
    napi_remove_env_cleanup_hook(env_, end_with_environment, this);
  }

  Napi::Value watch(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const std::string key = to_text(info[0], "key");
    if (env.IsExceptionPending()) return env.Undefined();
    const pid_t pid = to_pid(info[1]);
    if (env.IsExceptionPending() || processes_ == nullptr) return env.Undefined();
    forget(key);
    const std::uint64_t serial = ++last_;
    serials_[key] = serial;
    keys_[serial] = key;
    processes_->submit(WatchProcess{serial, pid});
    return env.Undefined();
  }

  Napi::Value unwatch(const Napi::CallbackInfo& info) {
    const std::string key = to_text(info[0], "key");
    if (!info.Env().IsExceptionPending() && processes_ != nullptr) forget(key);
    return info.Env().Undefined();
  }

  void forget(const std::string& key) {
    const auto known = serials_.find(key);
    if (known == serials_.end()) return;
    processes_->submit(UnwatchProcess{known->second});
    keys_.erase(known->second);
    serials_.erase(known);
  }

  Napi::Value count(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsArray()) {
      refuse(env, "count(trackers)");
      return env.Undefined();
    }
    const auto list = info[0].As<Napi::Array>();
    std::vector<ProcessTracker> trackers;
    for (std::uint32_t i = 0; i < list.Length(); ++i) {
      trackers.push_back(to_tracker(list.Get(i)));
      if (env.IsExceptionPending()) return env.Undefined();
    }
    if (processes_ == nullptr) return env.Undefined();
    names_.clear();
    for (const ProcessTracker& tracker : trackers) names_.push_back(tracker.name);
    processes_->submit(CountProcesses{++generation_, std::move(trackers)});
    return env.Undefined();
  }

  // Reports of what JS has since taken back are passed over.
  Napi::Value next(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    while (processes_ != nullptr) {
      const std::optional<ProcessesReport> report = processes_->next();
      if (!report) break;
      Napi::Object object = Napi::Object::New(env);
      object.Set("at", Napi::Number::New(env, static_cast<double>(report->at)));
      const bool wanted =
          std::visit([&](const auto& body) { return fill(object, body); }, report->body);
      if (wanted) return object;
    }
    return env.Null();
  }

  bool fill(Napi::Object& object, const ProcessGone& body) {
    const auto known = keys_.find(body.serial);
    if (known == keys_.end()) return false;
    object.Set("kind", "process-gone");
    object.Set("key", known->second);
    object.Set("pid", Napi::Number::New(object.Env(), body.pid));
    serials_.erase(known->second);
    keys_.erase(known);
    return true;
  }

  bool fill(Napi::Object& object, const ProcessesCounted& body) const {
    if (body.generation != generation_) return false;
    object.Set("kind", "processes-counted");
    object.Set("tracker", names_[body.tracker]);
    object.Set("count", Napi::Number::New(object.Env(), body.count));
    return true;
  }

  static bool fill(Napi::Object& object, const ProcessesPolled& body) {
    object.Set("kind", "processes-polled");
    object.Set("what", body.what == ProcessesPolled::What::Gone ? "gone" : "counted");
    object.Set("why", body.why);
    return true;
  }

  Napi::Value counters(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const ProcessesCounters counters =
        processes_ == nullptr ? ProcessesCounters{} : processes_->counters();
    const auto number = [&](std::uint64_t value) {
      return Napi::Number::New(env, static_cast<double>(value));
    };
    Napi::Object object = Napi::Object::New(env);
    object.Set("events", number(counters.events));
    object.Set("looks", number(counters.looks));
    object.Set("surveys", number(counters.surveys));
    object.Set("losses", number(counters.losses));
    return object;
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    end();
    return info.Env().Undefined();
  }

  napi_env env_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::string, std::uint64_t> serials_;
  std::unordered_map<std::uint64_t, std::string> keys_;
  std::uint64_t generation_ = 0;
  std::vector<std::string> names_;
  Doorbell doorbell_;
  std::unique_ptr<Processes> processes_;
};

}  // namespace

Napi::Function processes_class(Napi::Env env) { return ProcessesObject::define(env); }

}  // namespace holdfast
