/*
 * Who says and hears what: the subscribers' lines, the publisher, which message is whose turn, and what has
 * come of it. A message that is missing ends the run, or is counted where harm is.
 */
#ifndef HEARTLINE_BENCH_TRAFFIC_H
#define HEARTLINE_BENCH_TRAFFIC_H

#include "net.h"
#include "samples.h"

extern connection *lines, publisher;
/* Messages said, acked, and delivered to all subscribers together, each once. */
extern uint64_t published, acks, received;
/* Whether the times of messages count. */
extern bool takes_times;
extern samples ack_times, delivery_times;
/* From `return_ns` until a line has everything; 0: the lines were never told to come back. */
extern samples back_times;
extern uint64_t return_ns;

/* `every`: the numbers of messages are looked at on one line of so many. */
void prepare_lines(unsigned every);
void open_lines(void);
void open_publisher(void);

/* The mode says how fast. `until`: not beyond so many messages. */
void begin_publishing(uint64_t until);
void end_publishing(void);

/* Handles what comes. Fails where nothing has come for too long that was waited for. */
void step(const char *for_what);
void run_for(unsigned duration_ms);
void wait_for_quiet(void);

/* Publishes no more; until everything is acked and on every line, or no longer comes where harm is counted. */
void drain(void);

/* Ends a server as `kill -9` does; its clients go to the others as fast as handshakes can be. */
void kill_server(unsigned index);
/* How many lines it had, and how many of them have got something by now that was said after its end. */
extern unsigned affected, back_count;

/* Writes what was lost, doubled and reordered on all lines, and how lines came back, to stdout, as fields of JSON. */
void print_harm(void);

#endif
