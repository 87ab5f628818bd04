#define _GNU_SOURCE
#include "traffic.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum {
  /* Handshakes under way at a time: servers have room for some hundred. */
  max_in_flight = 128,
  /* Times of so many messages are kept: more than are ever between publisher and subscribers. */
  remembered = 1 << 20,
};

static const uint64_t ms = 1000000;
/* Nothing that comes for so long: what the joining of thousands brought about is over. */
static const uint64_t quiet_ns = 500000000;
/* No progress for so long: something is missing. */
static const uint64_t patience_ns = 60000000000;
/* The same where that is counted, as it has to come in such a time. */
static const uint64_t harm_patience_ns = 5000000000;

connection *lines, publisher;
uint64_t published, acks, received;
bool takes_times;
samples ack_times, delivery_times, back_times;
uint64_t return_ns;
unsigned affected, back_count;

static uint64_t sent_ns[remembered];
/* What has become of each: it waits for a line, or for the end of a pause; it is on its way; it is acked. */
static enum { waiting, on_its_way, is_acked } fates[remembered];
/* None before this one waits. */
static uint64_t first_waiting;
/* Until then the server asked not to be sent any more. */
static uint64_t pause_until_ns;
static uint64_t publish_until;
static bool is_publishing;
static uint64_t due_ns;
static unsigned in_count;
/* When it last went on: a line let in, a message or an ack. A ping is none of these. */
static uint64_t progress_ns;
/* When something other than messages and heartbeats last came. */
static uint64_t heard_ns;

/* When a server was killed; 0: none was. And the first message that was said after it. */
static uint64_t killed_ns, said_after_kill;
/* A ring of those that wait to be opened again: each at most once. */
static connection **lost_lines;
static unsigned lost_count, reopened_count, returning_count;
static unsigned unrecovered, lost_again;
static uint64_t doubled, reordered, refusals;

/* --- what the dialects tell --- */

void heard(void) {
  heard_ns = now_ns();
}

static void send_waiting(void);

void let_in(connection *line) {
  line->is_in = true;
  progress_ns = now_ns();
  returning_count -= line->is_returning;
  line->is_returning = false;
  if (!line->is_publisher) in_count += 1;
  else send_waiting();
}

void came_as_new(connection *line) {
  if (!options.counts_harm) fail("%s was not recovered", name_of(line));
  unrecovered += 1;
}

void delivered(connection *line, unsigned count) {
  line->received += count;
  received += count;
  progress_ns = now_ns();
}

/* Whether the number is new in the set, where it is by then. */
static bool see(seen_numbers *seen, uint64_t number) {
  size_t word = number / 64;
  if (word >= seen->count) {
    size_t count = word * 2 + 16;
    seen->words = realloc(seen->words, count * sizeof *seen->words);
    if (!seen->words) fail("no memory for the numbers of %llu messages", (unsigned long long)number);
    memset(seen->words + seen->count, 0, (count - seen->count) * sizeof *seen->words);
    seen->count = count;
  }
  uint64_t bit = (uint64_t)1 << number % 64;
  bool is_new = !(seen->words[word] & bit);
  seen->words[word] |= bit;
  return is_new;
}

/* Whether it is to be counted as delivered. */
static bool is_in_order(connection *line, uint64_t number) {
  if (number >= published) fail("%s got message %llu, which was never said", name_of(line), (unsigned long long)number);
  if (!options.counts_harm) {
    if (number != line->next_number)
      fail("%s got message %llu where %llu was to come", name_of(line), (unsigned long long)number,
           (unsigned long long)line->next_number);
  } else if (!see(&line->seen, number)) {
    doubled += 1;
    return false;
  } else if (number < line->next_number) {
    reordered += 1;
    return true;
  }
  line->next_number = number + 1;
  return true;
}

void delivered_number(connection *line, uint64_t number) {
  if (!is_in_order(line, number)) return;
  delivered(line, 1);
  uint64_t now = now_ns();
  if (takes_times) samples_add(&delivery_times, now - sent_ns[number % remembered]);
  if (return_ns > 0 && line->received == published) samples_add(&back_times, now - return_ns);
  if (line->is_affected && number >= said_after_kill) {
    line->is_affected = false;
    back_count += 1;
    samples_add(&back_times, now - killed_ns);
  }
}

void acked(uint64_t number) {
  if (number != acks && !options.counts_harm)
    fail("the ack of message %llu came where that of %llu was to come", (unsigned long long)number, (unsigned long long)acks);
  if (fates[number % remembered] == is_acked) return;
  fates[number % remembered] = is_acked;
  acks += 1;
  progress_ns = now_ns();
  if (takes_times) samples_add(&ack_times, now_ns() - sent_ns[number % remembered]);
}

static void wait_again(uint64_t number) {
  if (fates[number % remembered] != on_its_way) return;
  fates[number % remembered] = waiting;
  if (number < first_waiting) first_waiting = number;
}

void refused(uint64_t number, unsigned after_ms) {
  if (!options.counts_harm) fail("the server does not take message %llu", (unsigned long long)number);
  refusals += 1;
  wait_again(number);
  pause_until_ns = now_ns() + after_ms * ms;
  progress_ns = now_ns();
}

/* --- publishing --- */

static void publish_one(void) {
  sent_ns[published % remembered] = now_ns();
  fates[published % remembered] = waiting;
  published += 1;
}

static void send_waiting(void) {
  if (!publisher.is_in || now_ns() < pause_until_ns || first_waiting == published) return;
  for (; first_waiting < published; first_waiting += 1) {
    if (fates[first_waiting % remembered] != waiting) continue;
    options.dialect->queue_message(&publisher, first_waiting);
    fates[first_waiting % remembered] = on_its_way;
  }
  net_flush(&publisher);
}

static void say_due(void) {
  if (!is_publishing) return;
  if (is_mode("rate") || is_mode("failover")) {
    for (; now_ns() >= due_ns; due_ns += 1000 * ms / options.rate) publish_one();
  } else {
    while (published < publish_until && published - acks < options.window) publish_one();
  }
}

static void publish_due(void) {
  say_due();
  send_waiting();
}

/* The publisher must not wait until all others are read. */
static void serve_publisher(void) {
  if (publisher.is_in) net_read(&publisher);
  publish_due();
}

void begin_publishing(uint64_t until) {
  publish_until = until;
  is_publishing = true;
  due_ns = now_ns();
  publish_due();
}

void end_publishing(void) {
  is_publishing = false;
}

/* --- a server that ends --- */

static unsigned most_lost(void) {
  return options.subscribers + 1;
}

static void note_loss(connection *line, const char *why) {
  bool was_there = line->port == options.ports[options.killed];
  if (killed_ns == 0 || (!was_there && !options.counts_harm)) fail("%s lost its line: %s", name_of(line), why);
  lost_again += !was_there;
  if (line->is_in && !line->is_publisher) in_count -= 1;
  returning_count -= line->is_returning;
  line->is_in = line->is_asking = line->is_returning = false;
  /* Nobody knows what has become of what is on its way: it is said again, under the same ids. */
  if (line->is_publisher) {
    for (uint64_t number = published - (published < remembered ? published : remembered); number < published; number += 1)
      wait_again(number);
  }
  lost_lines[lost_count++ % most_lost()] = line;
}

void came_to_nothing(connection *line) {
  if (killed_ns == 0) fail("the server does not let %s in", name_of(line));
  net_cut(line);
  note_loss(line, "it was not let in");
}

/* In turn to each of the servers that are left. */
static void reopen_lost(void) {
  for (; reopened_count < lost_count && returning_count < max_in_flight; reopened_count += 1, returning_count += 1) {
    connection *line = lost_lines[reopened_count % most_lost()];
    unsigned step_on = 1 + reopened_count % (options.server_count - 1);
    line->port = options.ports[(options.killed + step_on) % options.server_count];
    line->is_returning = true;
    net_open(line, line->is_publisher ? options.dialect->publisher_path : options.dialect->path, options.dialect->subprotocol);
  }
}

void kill_server(unsigned index) {
  lost_lines = calloc(most_lost(), sizeof *lost_lines);
  if (!lost_lines) fail("no memory for %u lines", options.subscribers);
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    lines[i].is_affected = lines[i].port == options.ports[index];
    affected += lines[i].is_affected;
  }
  said_after_kill = published;
  killed_ns = now_ns();
  if (kill(options.server_pids[index], SIGKILL) < 0) fail("process %d cannot be killed", options.server_pids[index]);
}

/* --- waiting --- */

static void fail_waiting(const char *for_what) {
  fail("waited in vain for %s: %u of %u lines are in, %llu messages published, %llu acked, %llu received", for_what,
       in_count, options.subscribers, (unsigned long long)published, (unsigned long long)acks, (unsigned long long)received);
}

void step(const char *for_what) {
  net_poll(1);
  reopen_lost();
  if (now_ns() > progress_ns + patience_ns) fail_waiting(for_what);
}

void wait_for_quiet(void) {
  heard_ns = now_ns();
  while (now_ns() - heard_ns < quiet_ns) net_poll(10);
}

void run_for(unsigned duration_ms) {
  for (uint64_t end = now_ns() + duration_ms * ms; now_ns() < end;) step("anything");
}

static bool has_everything(void) {
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    if (lines[i].received != published) return false;
  }
  return true;
}

static void drain_counting_harm(void) {
  while (received < published * options.subscribers && now_ns() < progress_ns + harm_patience_ns) step("the last messages");
  /* What is doubled may come last. */
  if (has_everything()) wait_for_quiet();
}

void drain(void) {
  is_publishing = false;
  progress_ns = now_ns();
  while (acks < published) step("the last acks");
  if (options.counts_harm) return drain_counting_harm();
  while (received < published * options.subscribers) step("the last messages");
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    if (lines[i].received != published)
      fail("subscriber %u got %llu of %llu messages", i, (unsigned long long)lines[i].received, (unsigned long long)published);
  }
}

void print_harm(void) {
  uint64_t lost = 0, surplus = 0;
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    if (lines[i].received < published) lost += published - lines[i].received;
    else surplus += lines[i].received - published;
  }
  printf("\"lost\":%llu,\"doubled\":%llu,\"reordered\":%llu,\"refused\":%llu,\"unrecovered\":%u,\"lostAgain\":%u", (unsigned long long)lost,
         (unsigned long long)(doubled + surplus), (unsigned long long)reordered, (unsigned long long)refusals, unrecovered, lost_again);
}

/* --- the lines --- */

void prepare_lines(unsigned every) {
  net_start((net_hooks){options.dialect->on_upgraded, options.dialect->on_text, serve_publisher, note_loss});
  lines = calloc(options.subscribers, sizeof *lines);
  if (!lines) fail("no memory for %u lines", options.subscribers);
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    lines[i] = (connection){.fd = -1, .index = i, .port = options.ports[i % options.server_count], .is_checked = i % every == 0};
  }
  publisher = (connection){.fd = -1, .index = options.subscribers, .port = options.ports[0], .is_publisher = true};
}

void open_lines(void) {
  progress_ns = now_ns();
  in_count = 0;
  for (unsigned opened = 0; in_count < options.subscribers; step("the lines to be let in")) {
    for (; opened < options.subscribers && opened - in_count < max_in_flight; opened += 1)
      net_open(&lines[opened], options.dialect->path, options.dialect->subprotocol);
  }
}

void open_publisher(void) {
  net_open(&publisher, options.dialect->publisher_path, options.dialect->subprotocol);
  while (!publisher.is_in) step("the publisher to be let in");
  wait_for_quiet();
}
