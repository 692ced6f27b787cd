// The thread that runs programs as a JS object.
#pragma once

#include <napi.h>

namespace holdfast {

// class Programs(ring): start, signal, next, close; src/drivers/addon.ts has the types.
Napi::Function programs_class(Napi::Env env);

}  // namespace holdfast
