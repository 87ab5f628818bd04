/* Times that were measured, and what half or all but a hundredth of them stay within. */
#ifndef HEARTLINE_BENCH_SAMPLES_H
#define HEARTLINE_BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t *ns;
  size_t count, capacity;
} samples;

void samples_add(samples *into, uint64_t ns);

/* Writes `"name":{"count":…,"p50":…,"p99":…,"max":…}` to stdout, in ms; null for none. Sorts. */
void samples_print(const char *name, samples *of);

#endif
