/* What a load has cost, as the kernel counts it: user and system time of whole processes. */
#ifndef HEARTLINE_BENCH_COST_H
#define HEARTLINE_BENCH_COST_H

#include <stdint.h>

typedef struct {
  uint64_t at_ns, received, published;
  double servers_cpu_s, redis_cpu_s, own_cpu_s;
} snapshot;

snapshot take_snapshot(void);

/* Writes what there was between the two to stdout, as fields of JSON. */
void print_cost(const snapshot *start, const snapshot *end);

#endif
