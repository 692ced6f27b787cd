// N-API only: what JS can call. src/drivers/addon.ts is its twin and the one file that loads it.
#include <napi.h>
#include <sys/ioctl.h>

#include "contract.hpp"
#include "net/clock.hpp"
#include "orders_binding.hpp"
#include "plane_binding.hpp"
#include "processes_binding.hpp"
#include "programs_binding.hpp"

namespace holdfast {

namespace {

template <std::size_t N>
Napi::Array words(Napi::Env env, const std::array<std::string_view, N>& list) {
  Napi::Array array = Napi::Array::New(env, N);
  for (std::uint32_t i = 0; i < N; ++i) array.Set(i, std::string(list[i]));
  return array;
}

Napi::Value now(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(monotonic_now()));
}

Napi::Value kinds(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("commands", words(info.Env(), kCommandKinds));
  object.Set("events", words(info.Env(), kEventKinds));
  object.Set("rejections", words(info.Env(), kRejections));
  return object;
}

// Octets that wait in a pipe; -1: there is no such pipe.
Napi::Value octets_in(const Napi::CallbackInfo& info) {
  int count = 0;
  const int fd = info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : -1;
  return Napi::Number::New(info.Env(), ioctl(fd, FIONREAD, &count) == 0 ? count : -1);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("now", Napi::Function::New<now>(env, "now"));
  exports.Set("kinds", Napi::Function::New<kinds>(env, "kinds"));
  exports.Set("octetsIn", Napi::Function::New<octets_in>(env, "octetsIn"));
  exports.Set("Orders", orders_class(env));
  exports.Set("Plane", plane_class(env));
  exports.Set("Processes", processes_class(env));
  exports.Set("Programs", programs_class(env));
  return exports;
}

}  // namespace

}  // namespace holdfast

// NODE_API_MODULE pastes its second word into a name, so it has to be a plain one.
static Napi::Object holdfast_init(Napi::Env env, Napi::Object exports) {
  return holdfast::init(env, exports);
}
NODE_API_MODULE(holdfast, holdfast_init)
