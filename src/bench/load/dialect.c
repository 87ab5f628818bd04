#define _GNU_SOURCE
#include "dialect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { message_bytes = 150 };

dialect_settings settings = {.rooms = 1};

enum { place_bytes = 256 };

static bool starts_with(const char *text, size_t length, const char *start) {
  return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

static const char *find(const char *from, const char *end, const char *what) {
  return from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;
}

static unsigned long long digits_at(const char *at, const char *end) {
  unsigned long long number = 0;
  for (; at < end && *at >= '0' && *at <= '9'; at += 1) number = number * 10 + (unsigned)(*at - '0');
  return number;
}

/* Behind `before`, which has to be there. */
static const char *behind(const char *before, const char *from, const char *end) {
  const char *found = find(from, end, before);
  if (!found) fail("there is no %s in %.*s", before, (int)(end - from > 300 ? 300 : end - from), from);
  return found + strlen(before);
}

/* The length of the text of a JSON string that begins here and has no escapes in it. */
static int string_length(const char *from, const char *end) {
  const char *quote = find(from, end, "\"");
  if (!quote) fail("a JSON string does not end");
  return (int)(quote - from);
}

static uint64_t number_in(const char *from, const char *end) {
  return digits_at(behind("\"id\":\"m", from, end), end);
}

static int write_message(char *into, size_t size, uint64_t number) {
  int start = snprintf(into, size, "{\"t\":\"send\",\"id\":\"m%012llu\",\"room\":\"bench-0\",\"body\":\"",
                       (unsigned long long)number);
  int padding = message_bytes - start - 2;
  return start + snprintf(into + start, size - (size_t)start, "%.*s\"}", padding,
                          "The quick brown fox jumps over the lazy dog, and the dog does not mind it at all.....");
}

static void note(connection *line, const char *text, const char *end) {
  if (line->is_checked) delivered_number(line, number_in(text, end));
  else delivered(line, 1);
}

static void keep_pass(connection *line, const char *from, const char *end) {
  free(line->pass);
  line->pass = strndup(from, (size_t)string_length(from, end));
}

/* Notes where the line's last message stood, printf-like. */
__attribute__((format(printf, 2, 3))) static void keep_place(connection *line, const char *format, ...) {
  if (!line->place) line->place = malloc(place_bytes);
  if (!line->place) fail("no memory for the place of %s", name_of(line));
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line->place, place_bytes, format, values);
  va_end(values);
  if (length >= place_bytes) fail("the place of %s is too long", name_of(line));
}

/* --- bare: the message as it is, and {"t":"ack"} for who sent it. --- */

static void bare_on_text(connection *line, const char *text, size_t length) {
  if (line->is_publisher) acked(number_in(text, text + length));
  else note(line, text, text + length);
}

static void bare_queue_message(connection *publisher, uint64_t number) {
  char text[message_bytes + 1];
  net_queue_text(publisher, text, (size_t)write_message(text, sizeof text, number));
}

/* --- socket.io: Engine.IO 4 over WebSocket, with the acknowledgement of socket.io. --- */

static void socket_io_on_upgraded(connection *line) {
  (void)line; /* The server speaks first. */
}

static void socket_io_connect(connection *line) {
  char text[1024] = "40";
  int length = 2;
  if (line->pass && line->place)
    length = snprintf(text, sizeof text, "40{\"pid\":\"%s\",\"offset\":\"%s\"}", line->pass, line->place);
  net_queue_text(line, text, (size_t)length);
  net_flush(line);
}

/* With recovery, a packet ends with its offset: `42["message",{…},"offset"]`. */
static void socket_io_keep_place(connection *line, const char *text, const char *end) {
  const char *from = memrchr(text, ',', (size_t)(end - text));
  if (!from || end - from < 5 || from[1] != '"') fail("a packet has no offset: %.*s", (int)(end - text), text);
  keep_place(line, "%.*s", string_length(from + 2, end), from + 2);
}

static void socket_io_on_text(connection *line, const char *text, size_t length) {
  const char *end = text + length;
  if (starts_with(text, length, "42")) {
    /* What a publisher said before its server was killed reaches it as anybody else, once it is back. */
    if (line->is_publisher) return;
    note(line, text, end);
    if (settings.keeps_place) socket_io_keep_place(line, text, end);
  } else if (starts_with(text, length, "43")) {
    acked(digits_at(text + 2, end));
  } else if (starts_with(text, length, "40")) {
    const char *pass = line->pass || settings.keeps_place ? behind("\"pid\":\"", text, end) : NULL;
    if (line->pass && line->place && !starts_with(pass, (size_t)(end - pass), line->pass)) came_as_new(line);
    if (settings.keeps_place) keep_pass(line, pass, end);
    let_in(line);
  } else if (starts_with(text, length, "2")) {
    net_queue_text(line, "3", 1);
    net_flush(line);
  } else if (starts_with(text, length, "0")) {
    socket_io_connect(line);
  } else {
    fail("socket.io says %.*s", (int)length, text);
  }
}

static void socket_io_queue_message(connection *publisher, uint64_t number) {
  char message[message_bytes + 1], text[message_bytes + 64];
  write_message(message, sizeof message, number);
  int length = snprintf(text, sizeof text, "42%llu[\"send\",%s]", (unsigned long long)number, message);
  net_queue_text(publisher, text, (size_t)length);
}

/* --- heartline: chat.v1, see src/protocol/README.md. --- */

static void heartline_on_upgraded(connection *line) {
  (void)line; /* The server says hello first. */
}

/* The room's name, until it is asked again. */
static const char *heartline_room(const connection *line) {
  static char name[32];
  snprintf(name, sizeof name, "bench-%u", line->index % settings.rooms);
  return name;
}

__attribute__((format(printf, 2, 3))) static void heartline_say(connection *line, const char *format, ...) {
  char text[2048];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  if ((size_t)length >= sizeof text) fail("a token or position is too long");
  net_queue_text(line, text, (size_t)length);
  net_flush(line);
}

static void heartline_enter(connection *line) {
  const char *room = heartline_room(line);
  if (!line->pass)
    heartline_say(line, "[{\"t\":\"auth\",\"name\":\"Bench %u\",\"resume\":[]},{\"t\":\"join\",\"room\":\"%s\"}]", line->index, room);
  else if (!line->place)
    heartline_say(line, "[{\"t\":\"auth\",\"name\":\"Bench %u\",\"token\":\"%s\",\"resume\":[]},{\"t\":\"join\",\"room\":\"%s\"}]",
                  line->index, line->pass, room);
  else
    heartline_say(line, "{\"t\":\"auth\",\"name\":\"Bench %u\",\"token\":\"%s\",\"resume\":[{\"room\":\"%s\",%s}]}",
                  line->index, line->pass, room, line->place);
}

/* A message of a client that keeps its place: it drops what it has, and asks for what it misses. */
static void heartline_take_placed(connection *line, const char *epoch, const char *message, const char *end) {
  const char *mid = behind("\"mid\":\"", message, end);
  uint64_t seq = digits_at(behind("\"seq\":", message, end), end);
  if (seq <= line->seq) return;
  if (seq > line->seq + 1 && line->place) {
    if (!line->is_asking) heartline_say(line, "{\"t\":\"sync\",\"room\":\"%s\",%s}", heartline_room(line), line->place);
    line->is_asking = true;
    return;
  }
  line->seq = seq;
  keep_place(line, "\"epoch\":\"%.*s\",\"seq\":%llu,\"mid\":\"%.*s\"", string_length(epoch, end), epoch, (unsigned long long)seq,
             string_length(mid, end), mid);
  delivered_number(line, number_in(message, end));
}

/* A page of what was missed: its messages are in one frame, which ends at `end` or with the next one. */
static void heartline_take_page(connection *line, const char *frame, const char *end) {
  const char *next = find(frame + 1, end, "{\"t\":\"");
  if (next) end = next;
  if (find(frame, end, "\"reset\":")) fail("the server does not know the position that %s has", name_of(line));
  line->is_asking = false;
  if (!line->is_in) let_in(line);
  if (!line->is_checked || line->is_publisher) return;
  const char *epoch = behind("\"epoch\":\"", frame, end);
  const char *messages = behind("\"messages\":", frame, end);
  for (const char *at = messages; (at = find(at, end, "{\"seq\":")); at += 1) heartline_take_placed(line, epoch, at, end);
  if (!find(frame, end, "\"more\":true")) return;
  line->is_asking = true;
  heartline_say(line, "{\"t\":\"sync\",\"room\":\"%s\",%s}", heartline_room(line), line->place);
}

static void heartline_take_refusal(connection *line, const char *frame, const char *end) {
  const char *next = find(frame + 1, end, "{\"t\":\"");
  if (next) end = next;
  if (!find(frame, end, "\"retry\":true")) fail("the server says %.*s", (int)(end - frame), frame);
  if (!find(frame, end, "\"id\":\"m")) return came_to_nothing(line);
  const char *after = find(frame, end, "\"after\":");
  refused(number_in(frame, end), after ? (unsigned)digits_at(after + strlen("\"after\":"), end) : 1000);
}

static void heartline_take_frame(connection *line, const char *frame, const char *end) {
  const char *type = frame + strlen("{\"t\":\"");
  size_t length = (size_t)(end - type);
  if (starts_with(type, length, "ping\"")) {
    return heartline_say(line, "{\"t\":\"pong\",\"n\":%llu}", digits_at(behind("\"n\":", frame, end), end));
  }
  heard();
  if (starts_with(type, length, "ack\"")) {
    acked(number_in(frame, end));
  } else if (starts_with(type, length, "hello\"")) {
    heartline_enter(line);
  } else if (starts_with(type, length, "ready\"")) {
    if (settings.keeps_place) keep_pass(line, behind("\"token\":\"", frame, end), end);
  } else if (starts_with(type, length, "sync\"")) {
    heartline_take_page(line, frame, end);
  } else if (starts_with(type, length, "err\"")) {
    heartline_take_refusal(line, frame, end);
  } else if (starts_with(type, length, "bye\"")) {
    fail("the server says %.*s", (int)(end - frame), frame);
  }
}

static void heartline_take_message(connection *line, const char *message, const char *end) {
  if (settings.keeps_place) heartline_take_placed(line, behind("\"epoch\":\"", message, end), message, end);
  else delivered_number(line, number_in(message, end));
}

/*
 * A text is a frame or an array of frames. Those that matter here are found by how they begin: in a
 * person's text the quotes would be escaped. Messages are the bulk, and only grow with the digits of
 * their sequence: the shortest distance between two that follow each other leads near to the next one.
 */
static void heartline_on_text(connection *line, const char *text, size_t length) {
  static const char start[] = "{\"t\":\"", message_start[] = "{\"t\":\"msg\"";
  static size_t least_distance = SIZE_MAX;
  const char *end = text + length, *last_message = NULL;
  unsigned messages = 0;
  for (const char *at = text; (at = find(at, end, start));) {
    if (!starts_with(at, (size_t)(end - at), message_start)) {
      heartline_take_frame(line, at, end);
      at += sizeof start - 1;
      last_message = NULL;
      continue;
    }
    if (last_message && (size_t)(at - last_message) < least_distance) least_distance = (size_t)(at - last_message);
    last_message = at;
    messages += 1;
    if (!line->is_publisher && line->is_checked) heartline_take_message(line, at, end);
    /* In an object by itself nothing follows. */
    if (*text == '{') break;
    at += least_distance == SIZE_MAX ? sizeof message_start - 1 : least_distance;
  }
  if (messages > 0 && !line->is_publisher && !line->is_checked) delivered(line, messages);
}

static const dialect dialects[] = {
  {"bare", "/", "/publisher", NULL, false, let_in, bare_on_text, bare_queue_message},
  {"socket.io", "/socket.io/?EIO=4&transport=websocket", "/socket.io/?EIO=4&transport=websocket", NULL, true,
   socket_io_on_upgraded, socket_io_on_text, socket_io_queue_message},
  {"heartline", "/ws", "/ws", "chat.v1", true, heartline_on_upgraded, heartline_on_text, bare_queue_message},
};

const dialect *dialect_named(const char *name) {
  for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i += 1) {
    if (strcmp(dialects[i].name, name) == 0) return &dialects[i];
  }
  return NULL;
}
