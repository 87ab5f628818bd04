/* What the load generator was told to do: see `load.c`. */
#ifndef HEARTLINE_BENCH_OPTIONS_H
#define HEARTLINE_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "dialect.h"

enum { most_servers = 16 };

typedef struct {
  const dialect *dialect;
  /* Of each server; the publisher is at the first one, the subscribers are at all of them in turn. */
  uint16_t ports[most_servers];
  int server_pids[most_servers];
  unsigned server_count, pid_count;
  /* Of the Redis that the servers share; 0: there is none. */
  int redis_pid;
  unsigned subscribers;
  const char *mode;
  int cpu;
  unsigned window, rate, missed, killed;
  unsigned warmup_ms, measured_ms;
  /* What is lost or doubled is counted, and not the end of the run. */
  bool counts_harm;
} load_options;

extern load_options options;

bool is_mode(const char *name);

/* Ends the process with a reason where something is missing or wrong. */
void parse_options(int count, char **given);

#endif
