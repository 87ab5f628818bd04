#define _GNU_SOURCE
#include "options.h"

#include <stdlib.h>
#include <string.h>

load_options options = {.cpu = -1, .window = 64, .rate = 50, .missed = 50, .warmup_ms = 1000, .measured_ms = 4000};

static unsigned number_of(const char *name, const char *text) {
  char *end;
  unsigned long number = strtoul(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || number > 100000000) fail("%s %s: must be a number", name, text);
  return (unsigned)number;
}

/* `1,2,3`: how many there are. */
static unsigned numbers_of(const char *name, char *text, unsigned into[most_servers]) {
  unsigned count = 0;
  for (char *rest = text, *each; (each = strsep(&rest, ","));) {
    if (count == most_servers) fail("%s: at most %d servers", name, most_servers);
    into[count++] = number_of(name, each);
  }
  return count;
}

static void parse_ports(const char *name, char *text) {
  unsigned numbers[most_servers];
  options.server_count = numbers_of(name, text, numbers);
  for (unsigned i = 0; i < options.server_count; i += 1) {
    if (numbers[i] == 0 || numbers[i] > UINT16_MAX) fail("%s %u: there is no such port", name, numbers[i]);
    options.ports[i] = (uint16_t)numbers[i];
  }
}

static void parse_pids(const char *name, char *text) {
  unsigned numbers[most_servers];
  options.pid_count = numbers_of(name, text, numbers);
  for (unsigned i = 0; i < options.pid_count; i += 1) options.server_pids[i] = (int)numbers[i];
}

bool is_mode(const char *name) {
  return strcmp(options.mode, name) == 0;
}

static void check(void) {
  if (!options.dialect) fail("--dialect must be bare, socket.io or heartline");
  if (!options.mode) fail("--mode must be window, rate, idle, resume or failover");
  if (options.subscribers == 0 || options.server_count == 0) fail("--subscribers and --port must be given");
  if (settings.rooms == 0 || options.window == 0 || options.rate == 0) fail("--rooms, --window and --rate must not be 0");
  if (options.pid_count > 0 && options.pid_count != options.server_count) fail("--server-pid must have one for each port");
  if (!is_mode("failover")) return;
  if (options.server_count < 2 || options.pid_count == 0) fail("failover needs --port and --server-pid of two servers or more");
  if (options.killed >= options.server_count) fail("--killed %u: there is no such server", options.killed);
}

void parse_options(int count, char **given) {
  for (int i = 1; i < count; i += 2) {
    const char *name = given[i];
    char *value = given[i + 1];
    if (!value) fail("%s: has no value", name);
    if (strcmp(name, "--dialect") == 0) options.dialect = dialect_named(value);
    else if (strcmp(name, "--mode") == 0) options.mode = value;
    else if (strcmp(name, "--port") == 0) parse_ports(name, value);
    else if (strcmp(name, "--server-pid") == 0) parse_pids(name, value);
    else if (strcmp(name, "--redis-pid") == 0) options.redis_pid = (int)number_of(name, value);
    else if (strcmp(name, "--subscribers") == 0) options.subscribers = number_of(name, value);
    else if (strcmp(name, "--rooms") == 0) settings.rooms = number_of(name, value);
    else if (strcmp(name, "--cpu") == 0) options.cpu = (int)number_of(name, value);
    else if (strcmp(name, "--window") == 0) options.window = number_of(name, value);
    else if (strcmp(name, "--rate") == 0) options.rate = number_of(name, value);
    else if (strcmp(name, "--missed") == 0) options.missed = number_of(name, value);
    else if (strcmp(name, "--killed") == 0) options.killed = number_of(name, value);
    else if (strcmp(name, "--warmup-ms") == 0) options.warmup_ms = number_of(name, value);
    else if (strcmp(name, "--measured-ms") == 0) options.measured_ms = number_of(name, value);
    else if (strcmp(name, "--counts-harm") == 0) options.counts_harm = number_of(name, value) > 0;
    else fail("%s: there is no such option", name);
  }
  check();
}
