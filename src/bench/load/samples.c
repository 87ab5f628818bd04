#include "samples.h"

#include <stdio.h>
#include <stdlib.h>

#include "net.h"

void samples_add(samples *into, uint64_t ns) {
  if (into->count == into->capacity) {
    into->capacity = into->capacity ? into->capacity * 2 : 1 << 16;
    into->ns = realloc(into->ns, into->capacity * sizeof *into->ns);
    if (!into->ns) fail("no memory for %zu samples", into->capacity);
  }
  into->ns[into->count++] = ns;
}

static int by_size(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return (a > b) - (a < b);
}

static double ms_at(const samples *of, double share) {
  return (double)of->ns[(size_t)(share * (double)(of->count - 1))] / 1e6;
}

void samples_print(const char *name, samples *of) {
  if (of->count == 0) {
    printf("\"%s\":null", name);
    return;
  }
  qsort(of->ns, of->count, sizeof *of->ns, by_size);
  printf("\"%s\":{\"count\":%zu,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name, of->count, ms_at(of, 0.5),
         ms_at(of, 0.99), ms_at(of, 1));
}
