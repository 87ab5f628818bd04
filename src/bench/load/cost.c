#define _GNU_SOURCE
#include "cost.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "options.h"
#include "traffic.h"

/* User and system time of a whole process, its threads included, in seconds. */
static double cpu_s_of(int pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) fail("a server is gone: there is no %s", path);
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

snapshot take_snapshot(void) {
  snapshot taken = {.at_ns = now_ns(), .received = received, .published = published, .own_cpu_s = own_cpu_s()};
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
