#include "programs_binding.hpp"

#include <csignal>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "doorbell.hpp"
#include "programs.hpp"

namespace holdfast {

namespace {

void refuse(Napi::Env env, const std::string& what) {
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, what).ThrowAsJavaScriptException();
}

// A number between 0 and `max`; an exception is pending otherwise.
template <typename T>
T to_number(const Napi::Value& value, const char* what, T max = std::numeric_limits<T>::max()) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (number >= 0 && number <= static_cast<double>(max)) {
    const auto whole = static_cast<T>(number);
    if (static_cast<double>(whole) == number) return whole;
  }
  refuse(value.Env(), std::string(what) + " must be a number that fits");
  return {};
}

// The kernel reads up to the first NUL: what stands behind it would be dropped in silence.
std::vector<std::string> to_words(const Napi::Value& value, const char* what) {
  std::vector<std::string> words;
  const Napi::Env env = value.Env();
  if (!value.IsArray()) {
    refuse(env, std::string(what) + " must be an array");
    return words;
  }
  const auto list = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < list.Length() && !env.IsExceptionPending(); ++i) {
    const Napi::Value word = list.Get(i);
    if (word.IsString()) words.push_back(word.As<Napi::String>().Utf8Value());
    if (!word.IsString() || words.back().find('\0') != std::string::npos) {
      refuse(env, std::string(what) + " must be strings without NUL");
    }
  }
  return words;
}

StartProgram to_order(const Napi::Object& object) {
  StartProgram order;
  const Napi::Env env = object.Env();
  const auto well = [&] { return !env.IsExceptionPending(); };
  order.serial = to_number<std::uint32_t>(object.Get("serial"), "serial");
  if (well()) order.words = to_words(object.Get("words"), "words");
  if (well() && order.words.empty()) refuse(env, "words must not be empty");
  if (well()) order.environment = to_words(object.Get("environment"), "environment");
  if (well() && object.Get("uid").IsNumber()) {
    ProgramAccount account;
    account.uid = to_number<uid_t>(object.Get("uid"), "uid");
    if (well()) account.gid = to_number<gid_t>(object.Get("gid"), "gid");
    const Napi::Value groups = object.Get("groupsOf");
    if (groups.IsString()) account.groups_of = groups.As<Napi::String>().Utf8Value();
    order.account = std::move(account);
  }
  if (well() && object.Get("umask").IsNumber()) {
    order.umask = to_number<mode_t>(object.Get("umask"), "umask", 0777);
  }
  if (well()) order.mortal = object.Get("mortal").ToBoolean();
  return order;
}

const char* to_word(ProgramEnded::How how) {
  switch (how) {
    case ProgramEnded::How::Exited:
      return "exited";
    case ProgramEnded::How::Signalled:
      return "signalled";
    case ProgramEnded::How::Refused:
      return "refused";
  }
  return "";
}

class ProgramsObject final : public Napi::ObjectWrap<ProgramsObject> {
 public:
  explicit ProgramsObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<ProgramsObject>(info), env_(info.Env()) {
    const Napi::Env env = info.Env();
    if (!info[0].IsFunction()) {
      refuse(env, "Programs(ring)");
      return;
    }
    doorbell_ = Doorbell::New(env, info[0].As<Napi::Function>(), "holdfast-progs", 1, 1);
    Result<std::unique_ptr<Programs>> started =
        Programs::start([bell = doorbell_] { (void)bell.NonBlockingCall(); });
    if (!started) {
      doorbell_.Release();
      const std::string why = started.error().what + ": " + strerror(started.error().code);
      Napi::Error::New(env, why).ThrowAsJavaScriptException();
      return;
    }
    // It keeps nobody here while nothing runs; while something does, the driver stays.
    doorbell_.Unref(env);
    programs_ = std::move(*started);
    napi_add_env_cleanup_hook(env_, end_with_environment, this);
  }

  ~ProgramsObject() override { end(); }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Programs",
                       {InstanceMethod("start", &ProgramsObject::start),
                        InstanceMethod("signal", &ProgramsObject::signal),
                        InstanceMethod("next", &ProgramsObject::next),
                        InstanceMethod("close", &ProgramsObject::close)});
  }

 private:
  // Before the doorbell is freed; see processes_binding.cpp.
  static void end_with_environment(void* self) { static_cast<ProgramsObject*>(self)->end(); }

  void end() {
    if (programs_ == nullptr) return;
    programs_.reset();
    doorbell_.Release();
    napi_remove_env_cleanup_hook(env_, end_with_environment, this);
  }

  Napi::Value start(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (!info[0].IsObject()) {
      refuse(env, "start(order)");
      return env.Undefined();
    }
    StartProgram order = to_order(info[0].As<Napi::Object>());
    if (!env.IsExceptionPending() && programs_ != nullptr) programs_->submit(std::move(order));
    return env.Undefined();
  }

  Napi::Value signal(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const auto serial = to_number<std::uint32_t>(info[0], "serial");
    if (env.IsExceptionPending()) return env.Undefined();
    const int number = to_number<int>(info[1], "signal", SIGRTMAX);
    if (env.IsExceptionPending() || programs_ == nullptr) return env.Undefined();
    programs_->submit(SignalProgram{serial, number});
    return env.Undefined();
  }

  Napi::Value next(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (programs_ == nullptr) return env.Null();
    const std::optional<ProgramEnded> report = programs_->next();
    if (!report) return env.Null();
    Napi::Object object = Napi::Object::New(env);
    object.Set("at", Napi::Number::New(env, static_cast<double>(report->at)));
    object.Set("serial", Napi::Number::New(env, static_cast<double>(report->serial)));
    object.Set("how", to_word(report->how));
    object.Set("code", Napi::Number::New(env, report->code));
    object.Set("told", report->told);
    object.Set("output", report->output);
    return object;
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    end();
    return info.Env().Undefined();
  }

  napi_env env_;
  Doorbell doorbell_;
  std::unique_ptr<Programs> programs_;
};

}  // namespace

Napi::Function programs_class(Napi::Env env) { return ProgramsObject::define(env); }

}  // namespace holdfast
