// How a thread of ours calls JS: a bell that carries nothing. JS fetches what there is by itself.
#pragma once

#include <napi.h>

namespace holdfast {

// [js] static: with UBSan the address of an inline function is no constant, and it is compared.
static void call_ring(Napi::Env env, Napi::Function ring, std::nullptr_t* context, void* data) {
  (void)context;
  (void)data;
  if (env == nullptr || ring.IsEmpty()) return;
  // Plain N-API: an environment that is ending refuses the call, and nothing may be thrown in it.
  napi_value nobody = nullptr;
  napi_get_undefined(env, &nobody);
  if (napi_call_function(env, nobody, ring, 0, nullptr, nullptr) != napi_pending_exception) return;
  // A failed step is our bug: it ends the process, as in any other callback.
  napi_value error = nullptr;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

using Doorbell = Napi::TypedThreadSafeFunction<std::nullptr_t, void, call_ring>;

}  // namespace holdfast
