// JS object ⇄ C++ struct: the only file that names both. Runs on the JS thread alone.
#pragma once

#include <napi.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "contract.hpp"

namespace holdfast {

// Instances have names in JS and numbers in the plane. Numbers are never used again.
class Names {
 public:
  InstanceId id(const std::string& name);
  [[nodiscard]] const std::string& name(InstanceId id) const { return names_.at(id); }

 private:
  std::unordered_map<std::string, InstanceId> ids_;
  std::vector<std::string> names_;
};

// Throws a JS TypeError naming the field (and returns nothing useful) on a malformed command:
// the caller asks env.IsExceptionPending().
Command to_command(const Napi::Value& value, Names& names);
AdvertFacts to_advert(const Napi::Value& value);

Napi::Object to_js(Napi::Env env, const Event& event, const Names& names);

}  // namespace holdfast
