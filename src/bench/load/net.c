#define _GNU_SOURCE
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  read_bytes = 256 * 1024,
  events_per_poll = 256,
  /* After so many lines, `between` has its turn. */
  lines_per_turn = 16,
  /* Below the number of ephemeral ports that Linux has for one pair of addresses. */
  lines_per_address = 5000,
};

/* Frame types of RFC 6455, section 5.2. */
enum { op_text = 1, op_close = 8, op_ping = 9, op_pong = 10 };

static net_hooks hooks;
static int epoll;
static buffer input;

void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  va_end(values);
  exit(1);
}

uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void make_room(buffer *into, size_t length) {
  if (into->capacity >= length) return;
  into->capacity = length * 2;
  into->bytes = realloc(into->bytes, into->capacity);
  if (!into->bytes) fail("no memory for %zu bytes", into->capacity);
}

static void append(buffer *into, const void *bytes, size_t length) {
  make_room(into, into->length + length);
  memcpy(into->bytes + into->length, bytes, length);
  into->length += length;
}

const char *name_of(const connection *line) {
  static char name[32];
  if (line->is_publisher) return "the publisher";
  snprintf(name, sizeof name, "subscriber %u", line->index);
  return name;
}

void net_start(net_hooks what_is_done) {
  hooks = what_is_done;
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("no epoll: %s", strerror(errno));
}

static void watch(connection *line, int operation, bool for_writing) {
  struct epoll_event event = {
    .events = EPOLLIN | (for_writing ? EPOLLOUT : 0u),
    .data.ptr = line,
  };
  if (epoll_ctl(epoll, operation, line->fd, &event) < 0) fail("epoll: %s", strerror(errno));
}

void net_open(connection *line, const char *path, const char *subprotocol) {
  line->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (line->fd < 0) fail("no socket for %s: %s", name_of(line), strerror(errno));
  line->is_upgraded = line->is_in = false;
  line->carried.length = line->unsent.length = 0;

  int yes = 1;
  setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  struct sockaddr_in source = {.sin_family = AF_INET};
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + line->index / lines_per_address);
  if (bind(line->fd, (struct sockaddr *)&source, sizeof source) < 0)
    fail("no address for %s: %s", name_of(line), strerror(errno));
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(line->port)};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(line->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS)
    fail("%s cannot connect: %s", name_of(line), strerror(errno));

  char request[512];
  int length = snprintf(
    request, sizeof request,
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aGVhcnRsaW5lIGJlbmNoIQ==\r\n%s%s%s\r\n",
    path, line->port, subprotocol ? "Sec-WebSocket-Protocol: " : "",
    subprotocol ? subprotocol : "", subprotocol ? "\r\n" : "");
  append(&line->unsent, request, (size_t)length);
  watch(line, EPOLL_CTL_ADD, true);
}

void net_cut(connection *line) {
  if (line->fd < 0) return;
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(line->fd);
  line->fd = -1;
}

static void lose(connection *line, const char *why) {
  net_cut(line);
  hooks.on_lost(line, why);
}

/* A client's frame is masked with a key that nobody could foresee (RFC 6455, section 5.3). */
static void queue_frame(connection *line, int op, const char *payload, size_t length) {
  unsigned char header[8] = {(unsigned char)(0x80 | op)};
  size_t header_length = 2;
  if (length < 126) {
    header[1] = (unsigned char)(0x80 | length);
  } else if (length <= UINT16_MAX) {
    header[1] = 0x80 | 126;
    header[2] = (unsigned char)(length >> 8);
    header[3] = (unsigned char)length;
    header_length = 4;
  } else {
    fail("a message of %zu bytes is more than is ever sent here", length);
  }
  unsigned char key[4];
  for (int i = 0; i < 4; i += 1) key[i] = (unsigned char)(random() >> 8);
  append(&line->unsent, header, header_length);
  append(&line->unsent, key, sizeof key);
  append(&line->unsent, payload, length);
  char *masked = line->unsent.bytes + line->unsent.length - length;
  for (size_t i = 0; i < length; i += 1) masked[i] ^= (char)key[i % 4];
}

void net_queue_text(connection *line, const char *text, size_t length) {
  queue_frame(line, op_text, text, length);
}

void net_flush(connection *line) {
  buffer *unsent = &line->unsent;
  if (line->fd < 0 || unsent->length == 0) return;
  ssize_t sent = send(line->fd, unsent->bytes, unsent->length, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return lose(line, strerror(errno));
  if (sent > 0) {
    unsent->length -= (size_t)sent;
    memmove(unsent->bytes, unsent->bytes + sent, unsent->length);
  }
  watch(line, EPOLL_CTL_MOD, unsent->length > 0);
}

/* The bytes of the answer to the handshake, or 0 as long as its end has not come. */
static size_t take_upgrade(connection *line, const char *bytes, size_t length) {
  const char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end) return 0;
  if (memcmp(bytes, "HTTP/1.1 101", 12) != 0) {
    fail("%s was not let in: %.*s", name_of(line), (int)strcspn(bytes, "\r\n"), bytes);
  }
  line->is_upgraded = true;
  hooks.on_upgraded(line);
  return (size_t)(end - bytes) + 4;
}

/* The code and reason of RFC 6455, section 5.5.1. */
static void lose_by_close(connection *line, const unsigned char *payload, size_t length) {
  char why[160] = "closed without a code";
  if (length >= 2)
    snprintf(why, sizeof why, "closed with %d %.*s", payload[0] << 8 | payload[1], (int)length - 2, payload + 2);
  lose(line, why);
}

/* The bytes of the frame at the front, or 0 as long as its end has not come. */
static size_t take_frame(connection *line, const unsigned char *bytes, size_t length) {
  if (length < 2) return 0;
  size_t payload_length = bytes[1], header_length = 2;
  if (payload_length >= 126) {
    header_length = payload_length == 126 ? 4 : 10;
    if (length < header_length) return 0;
    payload_length = 0;
    for (size_t i = 2; i < header_length; i += 1) payload_length = payload_length << 8 | bytes[i];
  }
  if (length < header_length + payload_length) return 0;
  const char *payload = (const char *)bytes + header_length;
  switch (bytes[0]) {
    case 0x80 | op_text:
      hooks.on_text(line, payload, payload_length);
      break;
    case 0x80 | op_ping:
      queue_frame(line, op_pong, payload, payload_length);
      net_flush(line);
      break;
    case 0x80 | op_pong:
      break;
    case 0x80 | op_close:
      lose_by_close(line, bytes + header_length, payload_length);
      break;
    default:
      fail("%s got a frame that begins with 0x%02x: none of the servers sends such", name_of(line), bytes[0]);
  }
  return header_length + payload_length;
}

void net_read(connection *line) {
  if (line->fd < 0) return;
  size_t length = line->carried.length;
  make_room(&input, length + read_bytes);
  if (length > 0) memcpy(input.bytes, line->carried.bytes, length);
  ssize_t got = recv(line->fd, input.bytes + length, read_bytes, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got < 0) return lose(line, strerror(errno));
  if (got == 0) return lose(line, "the server ended it");
  length += (size_t)got;

  size_t taken = 0, more = 1;
  while (more > 0 && taken < length && line->fd >= 0) {
    char *front = input.bytes + taken;
    more = line->is_upgraded ? take_frame(line, (unsigned char *)front, length - taken)
                             : take_upgrade(line, front, length - taken);
    taken += more;
  }
  line->carried.length = 0;
  append(&line->carried, input.bytes + taken, length - taken);
}

void net_poll(int timeout_ms) {
  struct epoll_event events[events_per_poll];
  int count = epoll_wait(epoll, events, events_per_poll, timeout_ms);
  if (count < 0 && errno != EINTR) fail("epoll: %s", strerror(errno));
  hooks.between();
  for (int i = 0; i < count; i += 1) {
    connection *line = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) net_flush(line);
    if (events[i].events & ~(unsigned)EPOLLOUT) net_read(line);
    if (i % lines_per_turn == lines_per_turn - 1) hooks.between();
  }
}
