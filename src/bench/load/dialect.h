/*
 * What the load generator says to each kind of server, and how it reads what comes. The message is the
 * same for all, 150 bytes of JSON; its id holds its number, by which it is known when it comes back.
 */
#ifndef HEARTLINE_BENCH_DIALECT_H
#define HEARTLINE_BENCH_DIALECT_H

#include "net.h"

typedef struct {
  const char *name;
  const char *path, *publisher_path;
  const char *subprotocol;
  bool can_resume;
  void (*on_upgraded)(connection *line);
  void (*on_text)(connection *line, const char *text, size_t length);
  void (*queue_message)(connection *publisher, uint64_t number);
} dialect;

/* NULL if there is none of this name. */
const dialect *dialect_named(const char *name);

typedef struct {
  /* Lines spread over so many rooms. */
  unsigned rooms;
  /* Clients note what they need to come back to where they are now. */
  bool keeps_place;
} dialect_settings;

extern dialect_settings settings;

/* What a dialect reads out of what comes; done by who uses it. */

/* Something has come that is neither a message nor the heartbeat of a quiet line. */
void heard(void);
/* The line is in its room: from now on it gets every message. */
void let_in(connection *line);
/* The server does not know any more who came back: it lets them in as somebody new. */
void came_as_new(connection *line);
/* So many messages have come on a line that is not checked. */
void delivered(connection *line, unsigned count);
/* This message has come on a line that is checked. */
void delivered_number(connection *line, uint64_t number);
void acked(uint64_t number);
/* The server does not take this message now: it, and what follows, may come again after so long. */
void refused(uint64_t number, unsigned after_ms);
/* The server does not let the line in now. */
void came_to_nothing(connection *line);

#endif
