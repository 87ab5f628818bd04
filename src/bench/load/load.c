/*
 * The load generator of the server benchmarks: some thousand subscribers and one publisher in one
 * process on one core, so light that the server is what is measured. It counts every message on every
 * line, and fails if one is missing. It prints one line of JSON at its end.
 *
 *   load --dialect bare|socket.io|heartline --port P --subscribers N --mode MODE [--cpu 1] ...
 *
 *   window   --window W        always W messages without an ack      } --warmup-ms, --measured-ms,
 *   rate     --rate R          R messages a second                   } --server-pid
 *   idle     --rooms M         opens the lines, prints {"open":N}, and holds them until its stdin ends
 *   resume   --missed K        lets everybody read a little, cuts all lines, says K messages meanwhile,
 *                              prints {"cut":N}, and comes back with all at the next line on its stdin
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dialect.h"
#include "net.h"
#include "samples.h"

enum {
  /* Handshakes under way at a time: servers have room for some hundred. */
  max_in_flight = 128,
  /* The numbers and times of messages are looked at on so many of the lines. */
  checked_lines = 16,
  /* Times of so many messages are kept: more than are ever between publisher and subscribers. */
  remembered = 1 << 20,
  /* What is said before the lines are cut. */
  said_before_cut = 10,
};

static const uint64_t ms = 1000000;
/* Nothing that comes for so long: what the joining of thousands brought about is over. */
static const uint64_t quiet_ns = 500000000;
/* No progress for so long: something is missing. */
static const uint64_t patience_ns = 60000000000;

static struct {
  const dialect *dialect;
  uint16_t port;
  unsigned subscribers;
  const char *mode;
  int cpu;
  unsigned window, rate, missed;
  unsigned warmup_ms, measured_ms;
  int server_pid;
} options = {.cpu = -1, .window = 64, .rate = 50, .missed = 50, .warmup_ms = 1000, .measured_ms = 4000};

static connection *lines, publisher;
static uint64_t sent_ns[remembered];
static uint64_t published, acks, publish_until;
static uint64_t received;
static bool is_publishing, takes_times;
static uint64_t due_ns;
static unsigned in_count;
/* When it last went on: a line let in, a message or an ack. A ping is none of these. */
static uint64_t progress_ns;
/* When something other than messages and heartbeats last came. */
static uint64_t heard_ns;
static samples ack_times, delivery_times, back_times;
/* When the lines were told to come back; 0: they never were. */
static uint64_t return_ns;

/* --- what the dialects tell --- */

void heard(void) {
  heard_ns = now_ns();
}

void let_in(connection *line) {
  line->is_in = true;
  progress_ns = now_ns();
  if (!line->is_publisher) in_count += 1;
}

void delivered(connection *line, unsigned count) {
  line->received += count;
  received += count;
  progress_ns = now_ns();
}

void delivered_number(connection *line, uint64_t number) {
  if (number != line->next_number)
    fail("subscriber %u got message %llu where %llu was to come", line->index, (unsigned long long)number,
         (unsigned long long)line->next_number);
  line->next_number += 1;
  delivered(line, 1);
  uint64_t now = now_ns();
  if (takes_times) samples_add(&delivery_times, now - sent_ns[number % remembered]);
  if (return_ns > 0 && line->received == published) samples_add(&back_times, now - return_ns);
}

void acked(uint64_t number) {
  if (number != acks) fail("the ack of message %llu came where that of %llu was to come", (unsigned long long)number, (unsigned long long)acks);
  acks += 1;
  progress_ns = now_ns();
  if (takes_times) samples_add(&ack_times, now_ns() - sent_ns[number % remembered]);
}

/* --- publishing --- */

static void publish_one(void) {
  sent_ns[published % remembered] = now_ns();
  options.dialect->queue_message(&publisher, published);
  published += 1;
}

static void publish_due(void) {
  if (!is_publishing) return;
  uint64_t before = published;
  if (strcmp(options.mode, "rate") == 0) {
    for (; now_ns() >= due_ns; due_ns += 1000 * ms / options.rate) publish_one();
  } else {
    while (published < publish_until && published - acks < options.window) publish_one();
  }
  if (published > before) net_flush(&publisher);
}

/* The publisher must not wait until all others are read. */
static void serve_publisher(void) {
  if (publisher.is_in) net_read(&publisher);
  publish_due();
}

static void begin_publishing(uint64_t until) {
  publish_until = until;
  is_publishing = true;
  due_ns = now_ns();
  publish_due();
}

/* --- waiting --- */

static void step(const char *for_what) {
  net_poll(1);
  if (now_ns() > progress_ns + patience_ns)
    fail("waited in vain for %s: %u of %u lines are in, %llu messages published, %llu acked, %llu received", for_what,
         in_count, options.subscribers, (unsigned long long)published, (unsigned long long)acks, (unsigned long long)received);
}

static void wait_for_quiet(void) {
  heard_ns = now_ns();
  while (now_ns() - heard_ns < quiet_ns) net_poll(10);
}

static void run_for(unsigned duration_ms) {
  for (uint64_t end = now_ns() + duration_ms * ms; now_ns() < end;) step("anything");
}

/* Until everything published is acked, and on every line. */
static void drain(void) {
  is_publishing = false;
  progress_ns = now_ns();
  while (acks < published) step("the last acks");
  while (received < published * options.subscribers) step("the last messages");
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    if (lines[i].received != published)
      fail("subscriber %u got %llu of %llu messages", i, (unsigned long long)lines[i].received, (unsigned long long)published);
  }
}

static void open_lines(void) {
  progress_ns = now_ns();
  in_count = 0;
  for (unsigned opened = 0; in_count < options.subscribers; step("the lines to be let in")) {
    for (; opened < options.subscribers && opened - in_count < max_in_flight; opened += 1)
      net_open(&lines[opened], options.dialect->path, options.dialect->subprotocol);
  }
}

static void open_publisher(void) {
  net_open(&publisher, options.dialect->publisher_path, options.dialect->subprotocol);
  while (!publisher.is_in) step("the publisher to be let in");
  wait_for_quiet();
}

/* --- what it costs --- */

/* User and system time of a whole process, its threads included, in seconds. */
static double cpu_s_of(int pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) fail("the server is gone: there is no %s", path);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  unsigned long user, system;
  /* Behind the name, which may hold anything: fields 3 to 13, then 14 and 15. */
  const char *behind_name = strrchr(text, ')');
  if (!behind_name || sscanf(behind_name + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system) != 2)
    fail("%s cannot be read", path);
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double own_cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

typedef struct {
  uint64_t at_ns, received, published;
  double server_cpu_s, own_cpu_s;
} snapshot;

static snapshot take_snapshot(void) {
  return (snapshot){now_ns(), received, published, cpu_s_of(options.server_pid), own_cpu_s()};
}

/* --- the modes --- */

static void measure_load(void) {
  open_lines();
  open_publisher();
  begin_publishing(UINT64_MAX);
  run_for(options.warmup_ms);
  takes_times = true;
  snapshot start = take_snapshot();
  run_for(options.measured_ms);
  snapshot end = take_snapshot();
  drain();
  printf("{\"seconds\":%.6f,\"published\":%llu,\"deliveries\":%llu,\"serverCpuS\":%.3f,\"generatorCpuS\":%.3f,",
         (double)(end.at_ns - start.at_ns) / 1e9, (unsigned long long)(end.published - start.published),
         (unsigned long long)(end.received - start.received), end.server_cpu_s - start.server_cpu_s,
         end.own_cpu_s - start.own_cpu_s);
  samples_print("ackMs", &ack_times);
  printf(",");
  samples_print("deliveryMs", &delivery_times);
  printf("}\n");
}

/* Whether something, or the end, has come on stdin. */
static bool is_told(void) {
  struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
  char bytes[256];
  return poll(&in, 1, 0) > 0 && read(STDIN_FILENO, bytes, sizeof bytes) >= 0;
}

static void say(const char *what) {
  printf("{\"%s\":%u}\n", what, options.subscribers);
  fflush(stdout);
}

static void hold_idle(void) {
  open_lines();
  wait_for_quiet();
  say("open");
  while (!is_told()) net_poll(50);
}

static void measure_resume(void) {
  if (!options.dialect->can_resume) fail("the dialect %s has no resume", options.dialect->name);
  settings.keeps_place = true;
  open_lines();
  open_publisher();
  begin_publishing(said_before_cut);
  while (published < said_before_cut) step("messages to be published");
  drain();

  settings.keeps_place = false;
  for (unsigned i = 0; i < options.subscribers; i += 1) net_cut(&lines[i]);
  begin_publishing(said_before_cut + options.missed);
  progress_ns = now_ns();
  while (acks < said_before_cut + options.missed) step("acks");
  is_publishing = false;
  net_cut(&publisher);
  publisher.is_in = false;
  say("cut");
  while (!is_told()) net_poll(50);

  return_ns = now_ns();
  open_lines();
  uint64_t in_ns = now_ns();
  drain();
  printf("{\"missed\":%u,\"letInMs\":%.3f,", options.missed, (double)(in_ns - return_ns) / 1e6);
  samples_print("backMs", &back_times);
  printf("}\n");
}

/* --- the start --- */

static unsigned number_of(const char *name, const char *text) {
  char *end;
  unsigned long number = strtoul(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || number > 100000000) fail("%s %s: must be a number", name, text);
  return (unsigned)number;
}

static void parse(int count, char **given) {
  for (int i = 1; i < count; i += 2) {
    const char *name = given[i], *value = given[i + 1];
    if (!value) fail("%s: has no value", name);
    if (strcmp(name, "--dialect") == 0) options.dialect = dialect_named(value);
    else if (strcmp(name, "--mode") == 0) options.mode = value;
    else if (strcmp(name, "--port") == 0) options.port = (uint16_t)number_of(name, value);
    else if (strcmp(name, "--subscribers") == 0) options.subscribers = number_of(name, value);
    else if (strcmp(name, "--rooms") == 0) settings.rooms = number_of(name, value);
    else if (strcmp(name, "--cpu") == 0) options.cpu = (int)number_of(name, value);
    else if (strcmp(name, "--window") == 0) options.window = number_of(name, value);
    else if (strcmp(name, "--rate") == 0) options.rate = number_of(name, value);
    else if (strcmp(name, "--missed") == 0) options.missed = number_of(name, value);
    else if (strcmp(name, "--warmup-ms") == 0) options.warmup_ms = number_of(name, value);
    else if (strcmp(name, "--measured-ms") == 0) options.measured_ms = number_of(name, value);
    else if (strcmp(name, "--server-pid") == 0) options.server_pid = (int)number_of(name, value);
    else fail("%s: there is no such option", name);
  }
  if (!options.dialect) fail("--dialect must be bare, socket.io or heartline");
  if (!options.mode) fail("--mode must be window, rate, idle or resume");
  if (options.subscribers == 0 || options.port == 0) fail("--subscribers and --port must be given");
  if (settings.rooms == 0 || options.window == 0 || options.rate == 0) fail("--rooms, --window and --rate must not be 0");
}

static void prepare_process(void) {
  /* Whoever started it may be killed: it must not go on by itself. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < options.subscribers + 64)
    fail("%u lines need as many open files; this user may have %llu (ulimit -Hn)", options.subscribers,
         (unsigned long long)files.rlim_max);
  if (options.cpu < 0) return;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(options.cpu, &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus) < 0) fail("cannot run on core %d alone", options.cpu);
}

int main(int count, char **given) {
  parse(count, given);
  prepare_process();
  net_start((net_hooks){options.dialect->on_upgraded, options.dialect->on_text, serve_publisher}, options.port);

  bool is_resume = strcmp(options.mode, "resume") == 0;
  lines = calloc(options.subscribers, sizeof *lines);
  if (!lines) fail("no memory for %u lines", options.subscribers);
  unsigned every = (options.subscribers + checked_lines - 1) / checked_lines;
  for (unsigned i = 0; i < options.subscribers; i += 1) {
    lines[i] = (connection){.fd = -1, .index = i, .is_checked = is_resume || i % every == 0};
  }
  publisher = (connection){.fd = -1, .index = options.subscribers, .is_publisher = true};

  if (strcmp(options.mode, "idle") == 0) hold_idle();
  else if (is_resume) measure_resume();
  else measure_load();
  return 0;
}
