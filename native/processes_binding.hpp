// The thread that watches processes as a JS object.
#pragma once

#include <napi.h>

namespace holdfast {

// class Processes(options, ring): watch, unwatch, count, next, counters, close;
// src/drivers/addon.ts has the types.
Napi::Function processes_class(Napi::Env env);

}  // namespace holdfast
