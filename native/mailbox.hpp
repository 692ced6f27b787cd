// The two crossings between JS and the plane's thread, and the only data that both touch.
// Bounded where the world fills them: what does not fit is counted and reported, never waited for.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace holdfast {

// One producer, one consumer, no lock: the real-time thread must never wait for JS.
template <typename T>
class Ring {
 public:
  explicit Ring(std::size_t capacity) : slots_(capacity) {}

  // [producer] false when full.
  bool push(T&& value) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t next = (tail + 1) % slots_.size();
    if (next == head_.load(std::memory_order_acquire)) return false;
    slots_[tail] = std::move(value);
    tail_.store(next, std::memory_order_release);
    return true;
  }

  // [consumer] false when empty.
  bool pop(T& value) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    value = std::move(slots_[head]);
    head_.store((head + 1) % slots_.size(), std::memory_order_release);
    return true;
  }

  // [producer] how many more fit.
  [[nodiscard]] std::size_t room() const {
    const std::size_t head = head_.load(std::memory_order_acquire);
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    return slots_.size() - 1 - (tail + slots_.size() - head) % slots_.size();
  }

  // [either]
  [[nodiscard]] bool empty() const {
    return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire);
  }

 private:
  std::vector<T> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

// JS → plane. Batches, in order, whole: JS hands over as many as it decided, so it needs no bound.
template <typename T>
class Letters {
 public:
  ~Letters() { take(); }
  Letters() = default;
  Letters(const Letters&) = delete;
  Letters& operator=(const Letters&) = delete;

  // [js]
  void post(std::vector<T> batch) {
    auto* node = new Node{std::move(batch), nullptr};
    node->next = top_.load(std::memory_order_relaxed);
    while (!top_.compare_exchange_weak(node->next, node, std::memory_order_release,
                                       std::memory_order_relaxed)) {
    }
  }

  // [plane] everything posted so far, oldest first.
  std::vector<T> take() {
    Node* node = top_.exchange(nullptr, std::memory_order_acquire);
    Node* oldest = nullptr;
    while (node != nullptr) oldest = std::exchange(node, std::exchange(node->next, oldest));
    std::vector<T> all;
    while (oldest != nullptr) {
      const std::unique_ptr<Node> owned(oldest);
      for (T& item : owned->batch) all.push_back(std::move(item));
      oldest = owned->next;
    }
    return all;
  }

 private:
  struct Node {
    std::vector<T> batch;
    Node* next;
  };
  std::atomic<Node*> top_{nullptr};
};

}  // namespace holdfast
