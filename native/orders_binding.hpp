// Standing orders without a kernel: the simulator drives the same code that the plane drives.
#pragma once

#include <napi.h>

namespace holdfast {

// class Orders { submit(commands, now), heard(instance, advert, at), expire(now), overslept(gap):
// each returns what was done, in order; deadline(): number | null }
Napi::Function orders_class(Napi::Env env);

}  // namespace holdfast
