// The data plane as a JS object.
#pragma once

#include <napi.h>

namespace holdfast {

// class Plane(options, ring): submit, drain, counters, close; src/drivers/addon.ts has the types.
Napi::Function plane_class(Napi::Env env);

}  // namespace holdfast
