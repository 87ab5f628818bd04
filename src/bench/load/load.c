/*
 * The load generator of the server benchmarks: some thousand subscribers and one publisher in one
 * process on one core, so light that the server is what is measured. It counts every message on every
 * line, and fails if one is missing. It prints one line of JSON at its end.
 *
 *   load --dialect bare|socket.io|heartline --port P --subscribers N --mode MODE [--cpu 1] ...
 *
 *   window   --window W        always W messages without an ack      } --warmup-ms, --measured-ms,
 *   rate     --rate R          R messages a second                   } --server-pid, --redis-pid
 *   idle     --rooms M         opens the lines, prints {"open":N}, and holds them until its stdin ends
 *   resume   --missed K        lets everybody read a little, cuts all lines, says K messages meanwhile,
 *                              prints {"cut":N}, and comes back with all at the next line on its stdin
 *   failover --killed K        says R messages a second and kills the server at place K: its clients go to
 *                              the others
 *
 * Several servers that share what is said have their ports and processes behind commas, and the subscribers
 * spread over them. With `--counts-harm 1` what is lost or doubled is told at the end instead of failing.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cost.h"
#include "options.h"
#include "traffic.h"

enum {
  /* The numbers and times of messages are looked at on so many of the lines. */
  checked_lines = 16,
  /* What is said before the lines are cut. */
  said_before_cut = 10,
};

/* Who is not delivered to for so long never is again. */
static const uint64_t longest_return_ns = 60000000000;

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
  printf("{");
  print_cost(&start, &end);
  printf(",");
  print_harm();
  printf(",");
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
  while (acks < said_before_cut + options.missed) step("acks");
  end_publishing();
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

static void measure_failover(void) {
  if (!options.dialect->can_resume) fail("the dialect %s has no resume", options.dialect->name);
  settings.keeps_place = true;
  open_lines();
  open_publisher();
  begin_publishing(UINT64_MAX);
  run_for(options.warmup_ms);
  kill_server(options.killed);
  for (uint64_t end = now_ns() + longest_return_ns; back_count < affected && now_ns() < end;) step("anything");
  run_for(options.measured_ms);
  drain();
  printf("{\"affected\":%u,\"neverBack\":%u,\"published\":%llu,", affected, affected - back_count, (unsigned long long)published);
  print_harm();
  printf(",");
  samples_print("backMs", &back_times);
  printf("}\n");
}

/* --- the start --- */

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
  parse_options(count, given);
  prepare_process();
  bool checks_all = is_mode("resume") || is_mode("failover");
  prepare_lines(checks_all ? 1 : (options.subscribers + checked_lines - 1) / checked_lines);
  if (is_mode("idle")) hold_idle();
  else if (is_mode("resume")) measure_resume();
  else if (is_mode("failover")) measure_failover();
  else measure_load();
  return 0;
}
