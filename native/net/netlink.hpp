// Links and addresses of this host: listens to changes, dumps what is there, and adds or removes
// addresses in batches. It keeps no table and decides nothing; the caller does both.
// Adding an address takes the kernel's rtnl lock and may wait for it; nothing else here blocks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "contract.hpp"
#include "fd.hpp"
#include "net/netlink_facts.hpp"
#include "result.hpp"

namespace holdfast {

struct AddressChange {
  enum class Op : std::uint8_t { Add, Remove };
  Op op = Op::Add;
  std::uint32_t index = 0;               // of the interface
  const HeldAddress* address = nullptr;  // borrowed for the call; its `device` is not looked at
  std::uint32_t valid_seconds = 0;       // 0: for ever
  std::uint64_t cookie = 0;              // comes back in an AddressError
};

struct AddressError {
  std::uint64_t cookie = 0;
  int code = 0;      // errno
  std::string text;  // the kernel's own reason, often empty
};

class Netlink {
 public:
  // More in one batch would keep the thread from its adverts; callers slice.
  static constexpr std::size_t kBatchMax = 64;
  // Each IPv6 message makes the kernel go through all multicast groups of the interface, and every
  // address has one: with 250 addresses one costs 0.1 ms, where IPv4 costs 5 µs. Slices for IPv6
  // are better this small.
  static constexpr std::size_t kIpv6SliceMax = 16;

  static Result<Netlink> open();

  [[nodiscard]] int monitor_fd() const { return monitor_.get(); }
  [[nodiscard]] int request_fd() const { return request_.get(); }

  // Every link, then every address. A table that changed meanwhile is read again, so the sink may
  // hear of one object twice. Nothing is said of what is absent: the caller sweeps.
  Status dump(NetlinkSink& sink);

  // Until EAGAIN. ENOBUFS means that changes were lost; the rest of the queue, older than any dump
  // to come, has then been thrown away: dump and sweep.
  Status read_monitor(NetlinkSink& sink);

  // One system call for the batch. What failed is appended to `errors`; the rest was applied. An
  // Add of an address that is there extends its lifetime; a Remove of an absent one is no error.
  // The Status fails only when the batch as a whole did.
  Status apply(std::span<const AddressChange> changes, std::vector<AddressError>& errors);

 private:
  Netlink(UniqueFd request, UniqueFd monitor);

  void put_change(const AddressChange& change, std::uint32_t sequence);
  Status send_batch();
  Result<Bytes> receive(int fd);
  Status collect_errors(std::span<const AddressChange> changes, std::uint32_t first,
                        std::vector<AddressError>& errors);
  Result<bool> dump_table(std::uint16_t type, NetlinkSink& sink);
  Status wait_for_reply() const;

  UniqueFd request_;
  UniqueFd monitor_;
  std::uint32_t sequence_ = 0;
  NetlinkBatch batch_;
  std::vector<std::uint8_t> inbox_;
};

}  // namespace holdfast
