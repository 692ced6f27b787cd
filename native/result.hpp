// A value, or what failed and its errno. No exceptions in native/: an errno becomes an event.
#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

namespace holdfast {

struct Error {
  std::string what;  // the operation, in the words of the manual: "bind", "RTM_NEWADDR eth0"
  int code = 0;      // errno
};

// Call at once after the failing system call: it reads errno.
inline Error last_error(std::string what) { return Error{std::move(what), errno}; }

template <typename T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose

  explicit operator bool() const { return std::holds_alternative<T>(state_); }
  T& operator*() { return *std::get_if<T>(&state_); }
  const T& operator*() const { return *std::get_if<T>(&state_); }
  T* operator->() { return std::get_if<T>(&state_); }
  const T* operator->() const { return std::get_if<T>(&state_); }
  [[nodiscard]] const Error& error() const { return *std::get_if<Error>(&state_); }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace holdfast
