// Big-endian reading and writing over memory that someone else owns. Both are checked: past the end
// a Reader yields zeros, a Writer drops, and ok() stays false from then on. So a codec may run
// through a layout and ask once, and cannot touch an octet that is not there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast {

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> octets) : rest_(octets) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return number(4); }
  // Empty when fewer than `count` are left.
  std::span<const std::uint8_t> bytes(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) { bytes(count); }

  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const std::uint8_t octet : bytes(size)) value = value << 8 | octet;
    return value;
  }

  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> room) : room_(room) {}

  Writer& u8(std::uint8_t value) { return number(value, 1); }
  Writer& u16(std::uint16_t value) { return number(value, 2); }
  Writer& u32(std::uint32_t value) { return number(value, 4); }
  Writer& bytes(std::span<const std::uint8_t> octets) {
    const auto place = take(octets.size());
    if (!place.empty()) std::copy(octets.begin(), octets.end(), place.begin());
    return *this;
  }
  Writer& zeros(std::size_t count) {
    const auto place = take(count);
    std::fill(place.begin(), place.end(), std::uint8_t{0});
    return *this;
  }

  [[nodiscard]] std::size_t written() const { return written_; }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::span<std::uint8_t> take(std::size_t count) {
    if (!ok_ || count > room_.size() - written_) {
      ok_ = false;
      return {};
    }
    const auto place = room_.subspan(written_, count);
    written_ += count;
    return place;
  }
  Writer& number(std::uint32_t value, std::size_t size) {
    std::size_t shift = size * 8;
    for (std::uint8_t& octet : take(size)) octet = static_cast<std::uint8_t>(value >> (shift -= 8));
    return *this;
  }

  std::span<std::uint8_t> room_;
  std::size_t written_ = 0;
  bool ok_ = true;
};

}  // namespace holdfast
