// The kernel's process connector: births, new programs and new names of all processes of this
// host. It exists in the first network, PID and user namespace alone, and older kernels want
// CAP_NET_ADMIN; open() says why not. What it tells is a hint to look: it keeps nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "fd.hpp"
#include "processes_event.hpp"
#include "result.hpp"

namespace holdfast {

class ProcessConnector {
 public:
  // `receive_buffer`: octets; the kernel doubles it. The error's text is for people.
  static Result<ProcessConnector> open(int receive_buffer);
  ProcessConnector(ProcessConnector&&) noexcept;
  ProcessConnector& operator=(ProcessConnector&&) = delete;
  ~ProcessConnector();

  [[nodiscard]] int fd() const { return fd_.get(); }

  struct Heard {
    bool all = false;   // nothing is left to read
    bool lost = false;  // the kernel had to throw some away
  };
  // A bounded number of messages. ENOBUFS is no error here but a loss.
  Result<Heard> read(const std::function<void(const ProcessEvent&)>& heard);

 private:
  struct Slots;
  static constexpr int kRoundsMax = 64;

  explicit ProcessConnector(UniqueFd fd);

  [[nodiscard]] Status request(bool listen, std::uint32_t number) const;
  // The kernel answers inside the request, or never.
  Status await_answer(std::uint32_t number);

  UniqueFd fd_;
  std::unique_ptr<Slots> slots_;
};

}  // namespace holdfast
