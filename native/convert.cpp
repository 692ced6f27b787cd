#include "convert.hpp"

#include <algorithm>
#include <cstring>

namespace holdfast {

InstanceId Names::id(const std::string& name) {
  const auto [found, fresh] = ids_.try_emplace(name, static_cast<InstanceId>(names_.size()));
  if (fresh) names_.push_back(name);
  return found->second;
}

namespace {

void complain(Napi::Env env, const std::string& what) {
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, what).ThrowAsJavaScriptException();
}

// Reads the fields of one object; a missing or wrong one is a bug of ours in TypeScript.
class Fields {
 public:
  explicit Fields(const Napi::Object& object) : object_(object) {}

  // After the first complaint N-API answers nothing any more: then everything is absent.
  [[nodiscard]] Napi::Value get(const char* key) const {
    if (env().IsExceptionPending()) return env().Undefined();
    return object_.Get(key);
  }
  [[nodiscard]] Napi::Env env() const { return object_.Env(); }

  [[nodiscard]] std::string text(const char* key) const {
    const Napi::Value value = get(key);
    if (value.IsString()) return value.As<Napi::String>().Utf8Value();
    complain(env(), std::string(key) + " is not a string");
    return {};
  }

  [[nodiscard]] std::int64_t integer(const char* key) const {
    const Napi::Value value = get(key);
    if (value.IsNumber()) return value.As<Napi::Number>().Int64Value();
    complain(env(), std::string(key) + " is not a number");
    return 0;
  }

  template <typename T>
  [[nodiscard]] T number(const char* key) const {
    return static_cast<T>(integer(key));
  }

  [[nodiscard]] bool flag(const char* key) const {
    const Napi::Value value = get(key);
    if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
    complain(env(), std::string(key) + " is not a boolean");
    return false;
  }

  [[nodiscard]] IpAddress address(const char* key) const {
    const std::optional<IpAddress> parsed = IpAddress::parse(text(key));
    if (!parsed) complain(env(), std::string(key) + " is not an address");
    return parsed.value_or(IpAddress{});
  }

  [[nodiscard]] bool absent(const char* key) const {
    const Napi::Value value = get(key);
    return value.IsNull() || value.IsUndefined();
  }

  [[nodiscard]] std::optional<IpAddress> maybe_address(const char* key) const {
    if (absent(key)) return std::nullopt;
    return address(key);
  }

  [[nodiscard]] Fields object(const char* key) const {
    const Napi::Value value = get(key);
    if (value.IsObject()) return Fields(value.As<Napi::Object>());
    complain(env(), std::string(key) + " is not an object");
    return Fields(Napi::Object::New(env()));
  }

  template <typename Each>
  void each(const char* key, Each&& visit) const {
    const Napi::Value value = get(key);
    if (!value.IsArray()) {
      complain(env(), std::string(key) + " is not an array");
      return;
    }
    const Napi::Array array = value.As<Napi::Array>();
    for (std::uint32_t i = 0; i < array.Length() && !env().IsExceptionPending(); ++i) {
      visit(Napi::Value(array.Get(i)));
    }
  }

  template <typename Each>
  void each_object(const char* key, Each&& visit) const {
    each(key, [&](const Napi::Value& value) {
      if (value.IsObject()) return visit(Fields(value.As<Napi::Object>()));
      complain(env(), std::string(key) + " holds what is not an object");
    });
  }

  template <typename Each>
  void each_text(const char* key, Each&& visit) const {
    each(key, [&](const Napi::Value& value) {
      if (value.IsString()) return visit(value.As<Napi::String>().Utf8Value());
      complain(env(), std::string(key) + " holds what is not a string");
    });
  }

 private:
  Napi::Object object_;
};

std::vector<IpAddress> addresses(const Fields& fields, const char* key) {
  std::vector<IpAddress> list;
  fields.each_text(key, [&](const std::string& text) {
    const auto parsed = IpAddress::parse(text);
    if (parsed) return list.push_back(*parsed);
    complain(fields.env(), std::string(key) + " holds what is not an address");
  });
  return list;
}

Garp to_garp(const Fields& fields) {
  Garp garp;
  garp.repeat = fields.number<std::uint32_t>("repeat");
  garp.delay = fields.integer("delay");
  garp.refresh = fields.integer("refresh");
  garp.refresh_repeat = fields.number<std::uint32_t>("refreshRepeat");
  garp.lower_repeat = fields.number<std::uint32_t>("lowerPriorityRepeat");
  garp.lower_delay = fields.integer("lowerPriorityDelay");
  return garp;
}

HeldAddress to_held(const Fields& fields) {
  HeldAddress held;
  held.address = fields.address("address");
  held.prefix = fields.number<std::uint8_t>("prefix");
  held.device = fields.text("device");
  held.scope = fields.number<std::uint8_t>("scope");
  held.broadcast = fields.maybe_address("broadcast");
  if (!fields.absent("label")) held.label = fields.text("label");
  held.peer = fields.maybe_address("peer");
  held.no_prefix_route = fields.flag("noPrefixRoute");
  held.dad = fields.flag("dad");
  if (!fields.absent("preferredSeconds")) {
    held.preferred_seconds = fields.number<std::uint32_t>("preferredSeconds");
  }
  held.track = fields.flag("track");
  return held;
}

Open to_open(const Fields& fields, Names& names) {
  Open open;
  open.instance = names.id(fields.text("instance"));
  open.turn = fields.number<std::uint32_t>("turn");
  open.interface = fields.text("interface");
  open.family = fields.number<std::uint8_t>("family");
  open.version = fields.number<std::uint8_t>("version");
  open.vrid = fields.number<std::uint8_t>("vrid");
  open.source = fields.address("source");
  open.destinations = addresses(fields, "destinations");
  open.unicast = fields.flag("unicast");
  open.ttl = fields.number<std::uint8_t>("ttl");
  open.check_source = fields.flag("checkSource");
  open.interval = fields.integer("interval");
  const Fields auth = fields.object("authentication");
  if (auth.text("kind") == "pass") {
    open.auth = AuthKind::Pass;
    const std::string password = auth.text("password");
    std::copy_n(password.begin(), std::min<std::size_t>(password.size(), 8),
                open.auth_data.begin());
  }
  open.checksum_as_v2 = fields.flag("checksumAsV2");
  open.strict = fields.flag("strict");
  open.advertised = addresses(fields, "advertised");
  fields.each_object("addresses",
                     [&](const Fields& held) { open.addresses.push_back(to_held(held)); });
  open.garp = to_garp(fields.object("garp"));
  open.lifetime = fields.integer("lifetime");
  open.sweep = fields.flag("sweep");
  return open;
}

OnStall to_on_stall(const std::string& word) {
  if (word == "keep") return OnStall::Keep;
  return word == "resign" ? OnStall::Resign : OnStall::Offer;
}

AdvertTerms to_terms(const Fields& fields, Names& names) {
  AdvertTerms terms;
  terms.instance = names.id(fields.text("instance"));
  terms.priority = fields.number<std::uint8_t>("priority");
  terms.every = fields.integer("every");
  terms.down = fields.integer("down");
  terms.answers = fields.flag("answers");
  terms.relents = fields.flag("relents");
  fields.each_text("fellows",
                   [&](const std::string& name) { terms.fellows.push_back(names.id(name)); });
  terms.on_stall = to_on_stall(fields.text("onStall"));
  if (terms.every <= 0) complain(fields.env(), "every is not positive");
  return terms;
}

WatchMember to_member(const Fields& fields, Names& names) {
  WatchMember member;
  member.instance = names.id(fields.text("instance"));
  member.turn = fields.number<std::uint32_t>("turn");
  member.min_priority = fields.number<std::uint8_t>("minPriority");
  member.factor = fields.number<std::uint32_t>("factor");
  member.share = fields.number<std::uint32_t>("share");
  member.plus = fields.integer("plus");
  member.interval = fields.integer("interval");
  member.learns = fields.flag("learns");
  member.on_silence = to_terms(fields.object("onSilence"), names);
  return member;
}

Watch to_watch(const Fields& fields, Names& names) {
  Watch watch;
  watch.since = fields.integer("since");
  fields.each_object(
      "members", [&](const Fields& member) { watch.members.push_back(to_member(member, names)); });
  return watch;
}

// ---- towards JS

class Builder {
 public:
  Builder(Napi::Env env, const Names& names)
      : env_(env), names_(names), object_(Napi::Object::New(env)) {}

  template <typename T>
  Builder& set(const char* key, const T& value) {
    object_.Set(key, value);
    return *this;
  }
  Builder& number(const char* key, std::int64_t value) {
    return set(key, Napi::Number::New(env_, static_cast<double>(value)));
  }
  Builder& flag(const char* key, bool value) { return set(key, Napi::Boolean::New(env_, value)); }
  Builder& instance(const std::optional<InstanceId>& id) {
    if (id) return set("instance", names_.name(*id));
    return set("instance", env_.Null());
  }
  Builder& instances(const std::vector<InstanceId>& ids) {
    Napi::Array array = Napi::Array::New(env_, ids.size());
    for (std::uint32_t i = 0; i < ids.size(); ++i) array.Set(i, names_.name(ids[i]));
    return set("instances", array);
  }
  Builder& addresses(const std::vector<IpAddress>& list) {
    Napi::Array array = Napi::Array::New(env_, list.size());
    for (std::uint32_t i = 0; i < list.size(); ++i) array.Set(i, list[i].text());
    return set("addresses", array);
  }
  Builder& advert(const AdvertFacts& facts) {
    Napi::Object advert = Napi::Object::New(env_);
    advert.Set("source", facts.source.text());
    advert.Set("version", facts.version);
    advert.Set("priority", facts.priority);
    advert.Set("interval", static_cast<double>(facts.interval));
    advert.Set("addressesMatch", Napi::Boolean::New(env_, facts.addresses_match));
    advert.Set("plainChecksum", Napi::Boolean::New(env_, facts.plain_checksum));
    return set("advert", advert);
  }

  [[nodiscard]] Napi::Object object() const { return object_; }

  void operator()(const AdvertReceived& e) { instance(e.instance).advert(e.advert); }
  void operator()(const AdvertRejected& e) {
    const std::size_t length = strnlen(e.interface.data(), e.interface.size());
    set("interface", std::string(e.interface.data(), length)).instance(e.instance);
    number("vrid", e.vrid).set("source", e.source.text());
    set("reason", std::string(kRejections[static_cast<std::size_t>(e.reason)]));
    number("got", e.got).number("expected", e.expected);
    number("count", static_cast<std::int64_t>(e.count));
  }
  void operator()(const TookOver& e) {
    instances(e.instances).number("turn", e.turn).number("late", e.late);
  }
  void operator()(const Yielded& e) {
    instance(e.instance).advert(e.advert).instances(e.instances).number("turn", e.turn);
  }
  void operator()(const LeaseLapsed&) {}
  void operator()(const InterfaceChanged& e) {
    set("interface", e.interface).number("index", e.index).flag("up", e.up).number("mtu", e.mtu);
    addresses(e.addresses);
  }
  void operator()(const InterfaceGone& e) { set("interface", e.interface); }
  void operator()(const Surveyed&) {}
  void operator()(const AddressRestored& e) {
    instance(e.instance).set("address", e.address.text());
    number("count", static_cast<std::int64_t>(e.count));
  }
  void operator()(const FirewallNoticed& e) {
    set("interface", e.interface).number("family", e.family).flag("dropping", e.dropping);
  }
  void operator()(const ClockGap& e) { number("late", e.late); }
  void operator()(const Scheduled& e) { flag("realtime", e.realtime).number("errno", e.error); }
  void operator()(const OpenFailed& e) {
    instance(e.instance).set("what", e.what).number("errno", e.error);
  }
  void operator()(const Failed& e) {
    instance(e.instance).set("what", e.what).number("errno", e.error);
    number("count", static_cast<std::int64_t>(e.count));
  }
  void operator()(const Overrun& e) { number("lost", static_cast<std::int64_t>(e.lost)); }
  void operator()(const Woken&) {}

 private:
  Napi::Env env_;
  const Names& names_;
  Napi::Object object_;
};

}  // namespace

Command to_command(const Napi::Value& value, Names& names) {
  if (!value.IsObject()) {
    complain(value.Env(), "a command is not an object");
    return Wake{};
  }
  const Fields fields(value.As<Napi::Object>());
  const std::string kind = fields.text("kind");
  if (kind == "open") return to_open(fields, names);
  if (kind == "close") return Close{names.id(fields.text("instance"))};
  if (kind == "advertise") {
    return Advertise{to_terms(fields, names), fields.number<std::uint32_t>("turn")};
  }
  if (kind == "watch") return to_watch(fields, names);
  if (kind == "resign") return Resign{names.id(fields.text("instance"))};
  if (kind == "lease") return Lease{fields.integer("until")};
  if (kind == "wake") {
    if (fields.absent("at")) return Wake{};
    return Wake{fields.integer("at")};
  }
  complain(fields.env(), "no command is called " + kind);
  return Wake{};
}

AdvertFacts to_advert(const Napi::Value& value) {
  AdvertFacts facts;
  if (!value.IsObject()) {
    complain(value.Env(), "an advert is not an object");
    return facts;
  }
  const Fields fields(value.As<Napi::Object>());
  facts.source = fields.address("source");
  facts.version = fields.number<std::uint8_t>("version");
  facts.priority = fields.number<std::uint8_t>("priority");
  facts.interval = fields.integer("interval");
  facts.addresses_match = fields.flag("addressesMatch");
  facts.plain_checksum = fields.flag("plainChecksum");
  return facts;
}

Napi::Object to_js(Napi::Env env, const Event& event, const Names& names) {
  Builder builder(env, names);
  builder.set("kind", std::string(kEventKinds[event.body.index()])).number("at", event.at);
  std::visit(builder, event.body);
  return builder.object();
}

}  // namespace holdfast
