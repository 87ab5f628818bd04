/*
 * The lines of the load generator: WebSocket clients on one epoll, as light as they can be. Only whole
 * frames are handed on, out of the very buffer that they were read into.
 */
#ifndef HEARTLINE_BENCH_NET_H
#define HEARTLINE_BENCH_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  char *bytes;
  size_t length, capacity;
} buffer;

/* A set of numbers, a bit for each. */
typedef struct {
  uint64_t *words;
  size_t count;
} seen_numbers;

typedef struct {
  int fd; /* -1 while there is no line */
  unsigned index;
  uint16_t port;        /* of the server that it goes to */
  bool is_upgraded;
  bool is_publisher;
  bool is_checked;      /* the numbers and times of its messages are looked at */
  bool is_in;           /* let in, and in its room */
  bool is_returning;    /* it was lost, is being opened again, and not let in yet */
  bool is_affected;     /* its server was killed, and it got nothing yet that was said since */
  uint64_t received;    /* messages */
  uint64_t next_number; /* of the message that has to come next, where that is checked */
  char *pass;           /* what a client shows to come back as the same; NULL: it has none */
  char *place;          /* where its last message stood, as its server wants to hear it; NULL: nowhere */
  uint64_t seq;         /* which place that was, where the server numbers them */
  bool is_asking;       /* for what it has missed, which has not come yet */
  seen_numbers seen;    /* the numbers that came, where harm is counted */
  buffer carried;       /* the beginning of a frame whose end has not come */
  buffer unsent;        /* what the line would not take yet */
} connection;

/* What is done with what comes. Set before the first line is opened. */
typedef struct {
  void (*on_upgraded)(connection *line);
  void (*on_text)(connection *line, const char *text, size_t length);
  /* Often, between lines: whoever must not wait for all lines to be read has its turn here. */
  void (*between)(void);
  /* A line has broken, and is closed by now. Does not return where none may. */
  void (*on_lost)(connection *line, const char *why);
} net_hooks;

/* Ends the process with code 1 and a reason on stderr, printf-like. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t now_ns(void);

/* `subscriber 7` or `the publisher`, until it is asked again. */
const char *name_of(const connection *line);

void net_start(net_hooks hooks);

/* Opens a line to its port and asks for `path`. Many lines spread over several source addresses. */
void net_open(connection *line, const char *path, const char *subprotocol);

/* Ends a line as a broken network does: with a reset, and nothing left behind. */
void net_cut(connection *line);

/* Writes a text message behind what waits to be sent. */
void net_queue_text(connection *line, const char *text, size_t length);
void net_flush(connection *line);

/* Reads what has come on this line, if something has. */
void net_read(connection *line);

/* Handles what has come on all lines, or waits for it, at most this long. */
void net_poll(int timeout_ms);

#endif
