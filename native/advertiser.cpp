#include "advertiser.hpp"

#include "wire/ethernet.hpp"
#include "wire/ip_header.hpp"

namespace holdfast {

void Advertiser::define(const Open& order, std::uint32_t index) {
  if (order.instance >= instances_.size()) instances_.resize(order.instance + 1);
  Instance& instance = instances_[order.instance];
  instance.order = order;
  instance.index = index;
  instance.priority = -1;
}

void Advertiser::forget(InstanceId instance) {
  if (instance >= instances_.size()) return;
  flush();
  instances_[instance] = Instance{};
}

void Advertiser::queue(InstanceId instance, std::uint8_t priority) {
  if (instance >= instances_.size() || instances_[instance].index == 0) return;
  Instance& sender = instances_[instance];
  if (sender.queued == priority) return;
  // A resignation after an advert of the same wake must leave as well, and last.
  if (sender.queued >= 0) flush();
  sender.queued = priority;
  batch_.push_back({instance, priority});
}

void Advertiser::encode_letters(Instance& instance, std::uint8_t priority) const {
  const Open& order = instance.order;
  VrrpAdvert advert;
  advert.version = order.version;
  advert.vrid = order.vrid;
  advert.priority = priority;
  advert.interval = order.interval;
  advert.auth = order.auth;
  advert.auth_data = order.auth_data;
  advert.addresses = order.advertised;
  const ChecksumForm form =
      order.checksum_as_v2 ? ChecksumForm::MessageOnly : ChecksumForm::PseudoHeader;
  instance.letters.clear();
  std::vector<std::uint8_t> message;
  for (const IpAddress& destination : order.destinations) {
    if (encode(advert, order.source, destination, form, message) == 0) continue;
    IpHeader header;
    header.source = order.source;
    header.destination = destination;
    header.ttl = order.ttl;
    header.id = 1;
    instance.letters.push_back({destination, ip_packet(header, message)});
  }
  instance.priority = priority;
}

// keepalived counts the identification up from 1; the header's checksum follows.
void Advertiser::number(Instance& instance) {
  ++instance.id;
  if (instance.id == 0) instance.id = 1;
  if (instance.order.family != 4) return;
  for (Letter& letter : instance.letters) {
    IpHeader header;
    header.source = instance.order.source;
    header.destination = letter.destination;
    header.ttl = instance.order.ttl;
    header.id = instance.id;
    write_ip_header(header, letter.packet.size() - kIpv4HeaderSize, letter.packet);
  }
}

void Advertiser::flush() {
  if (batch_.empty()) return;
  frames_.clear();
  frame_owners_.clear();
  datagrams_.clear();
  datagram_owners_.clear();
  for (const Item& item : batch_) {
    Instance& instance = instances_[item.instance];
    instance.queued = -1;
    if (instance.priority != item.priority) encode_letters(instance, item.priority);
    number(instance);
    for (const Letter& letter : instance.letters) {
      if (instance.order.unicast) {
        datagrams_.push_back({instance.index, letter.destination, letter.packet});
        datagram_owners_.push_back(item.instance);
      } else {
        const std::uint16_t type = instance.order.family == 4 ? kEtherTypeIpv4 : kEtherTypeIpv6;
        frames_.push_back({instance.index, type, multicast_mac(letter.destination), letter.packet});
        frame_owners_.push_back(item.instance);
      }
    }
  }
  batch_.clear();
  errors_.clear();
  sent_ += sender_.send(frames_, errors_);
  for (const SendError& error : errors_) {
    failures_.push_back({frame_owners_[error.position], error.code});
  }
  errors_.clear();
  sent_ += sender_.send_unicast(datagrams_, errors_);
  for (const SendError& error : errors_) {
    failures_.push_back({datagram_owners_[error.position], error.code});
  }
}

}  // namespace holdfast
