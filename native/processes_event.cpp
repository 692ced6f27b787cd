#include "processes_event.hpp"

namespace holdfast {

namespace {

using connector::Head;

constexpr std::uint32_t kListen = 1;
constexpr std::uint32_t kIgnore = 2;

std::optional<ProcessEvent> parse_answer(const Head& head, Bytes body) {
  const auto error = netlink_value<std::int32_t>(body);
  if (!error) return std::nullopt;
  ProcessEvent event;
  event.kind = ProcessEvent::Kind::Answer;
  // The kernel answers n with n + 1.
  event.request = head.acknowledges - 1;
  event.error = *error;
  return event;
}

std::optional<ProcessEvent> parse_fork(Bytes body) {
  const auto fork = netlink_value<connector::Fork>(body);
  // A new thread is no new process.
  if (!fork || fork->child_thread != fork->child) return std::nullopt;
  ProcessEvent event;
  event.kind = ProcessEvent::Kind::Fork;
  event.pid = fork->child;
  event.parent = fork->parent;
  event.parent_thread = fork->parent_thread;
  return event;
}

std::optional<ProcessEvent> parse_exec(Bytes body) {
  const auto exec = netlink_value<connector::Exec>(body);
  if (!exec) return std::nullopt;
  ProcessEvent event;
  event.kind = ProcessEvent::Kind::Exec;
  event.pid = exec->process;
  return event;
}

std::optional<ProcessEvent> parse_comm(Bytes body) {
  const auto comm = netlink_value<connector::Comm>(body);
  // The name of a process is that of its first thread.
  if (!comm || comm->thread != comm->process) return std::nullopt;
  ProcessEvent event;
  event.kind = ProcessEvent::Kind::Comm;
  event.pid = comm->process;
  event.name = comm->name;
  return event;
}

}  // namespace

std::optional<ProcessEvent> parse_process_event(const NetlinkMessage& message) {
  const auto head = netlink_value<Head>(message.body);
  if (!head || message.header.nlmsg_type != NLMSG_DONE) return std::nullopt;
  if (head->index != connector::kIndexProc || head->value != connector::kValueProc) {
    return std::nullopt;
  }
  const Bytes data = message.body.subspan(sizeof(Head));
  const auto event = netlink_value<connector::EventHead>(data);
  if (!event || head->length > data.size() || head->length < sizeof *event) return std::nullopt;
  const Bytes body = data.first(head->length).subspan(sizeof *event);
  switch (event->what) {
    case connector::kAnswer:
      return parse_answer(*head, body);
    case connector::kFork:
      return parse_fork(body);
    case connector::kExec:
      return parse_exec(body);
    case connector::kComm:
      return parse_comm(body);
    default:
      return std::nullopt;
  }
}

connector::Request process_request(bool listen, std::uint32_t number) {
  connector::Request request;
  request.message.nlmsg_len = sizeof request;
  request.message.nlmsg_type = NLMSG_DONE;
  request.head.acknowledges = number;
  request.head.length = sizeof request.operation;
  request.operation = listen ? kListen : kIgnore;
  return request;
}

}  // namespace holdfast
