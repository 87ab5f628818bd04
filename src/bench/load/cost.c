#define _GNU_SOURCE
#include "cost.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "traffic.h"

/* User and system time of a whole process, its threads included, in seconds: to the nanosecond, not in ticks. */
static double cpu_s_of(int pid) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) < 0) fail("process %d is gone", pid);
  return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

snapshot take_snapshot(void) {
  snapshot taken = {.at_ns = now_ns(), .received = received, .published = published, .own_cpu_s = cpu_s_of(getpid())};
  for (unsigned i = 0; i < options.pid_count; i += 1) taken.servers_cpu_s += cpu_s_of(options.server_pids[i]);
  if (options.redis_pid > 0) taken.redis_cpu_s = cpu_s_of(options.redis_pid);
  return taken;
}

void print_cost(const snapshot *start, const snapshot *end) {
  printf("\"seconds\":%.6f,\"published\":%llu,\"deliveries\":%llu,\"serverCpuS\":%.3f,\"redisCpuS\":%.3f,\"generatorCpuS\":%.3f",
         (double)(end->at_ns - start->at_ns) / 1e9, (unsigned long long)(end->published - start->published),
         (unsigned long long)(end->received - start->received), end->servers_cpu_s - start->servers_cpu_s,
         end->redis_cpu_s - start->redis_cpu_s, end->own_cpu_s - start->own_cpu_s);
}
