/**
 * How much the companion does at a time: a few things for each person, the next ones in their order, and
 * not without end. What nobody is there to see any more can be ended.
 */

/** Ends an answer that nobody needs any more. Answers let it pass. */
export class AnswerEndedError extends Error {
  override name = 'AnswerEndedError';
}

export interface Job {
  /** It is for the eyes of who asked: ended when they leave. */
  readonly endsWithUser: boolean;
  run(signal: AbortSignal): Promise<void>;
}

export interface TurnsOptions {
  /** What of one user is done at the same time. */
  atOncePerUser: number;
  /** What of one user, and of all, may wait for that. */
  waitingPerUser: number;
  waitingInAll: number;
  onError(error: unknown): void;
}

export interface Turns {
  /**
   * Does it, now or in its turn. `full`: too much waits already, so it is not done; `still full`: and has
   * been so since all was done that was asked for.
   */
  take(userId: string, job: Job): 'taken' | 'full' | 'still full';
  /** Ends what is done for the eyes of a user who has left. */
  left(userId: string): void;
  /** Ends everything. */
  stop(): void;
}

interface Queue {
  readonly running: Map<Job, AbortController>;
  waiting: Job[];
  wasFull: boolean;
}

export function createTurns(options: TurnsOptions): Turns {
  const { atOncePerUser, waitingPerUser, waitingInAll, onError } = options;
  const queues = new Map<string, Queue>();
  let waitingNow = 0;

  function start(userId: string, queue: Queue, job: Job) {
    const controller = new AbortController();
    queue.running.set(job, controller);
    job
      .run(controller.signal)
      .catch((error: unknown) => {
        if (!(error instanceof AnswerEndedError)) onError(error);
      })
      .then(() => {
        queue.running.delete(job);
        goOn(userId, queue);
      });
  }

  function goOn(userId: string, queue: Queue) {
    const next = queue.waiting.shift();
    if (next) {
      waitingNow -= 1;
      start(userId, queue, next);
    } else if (queue.running.size === 0 && queues.get(userId) === queue) queues.delete(userId);
  }

  return {
    take(userId, job) {
      const queue: Queue = queues.get(userId) ?? {
        running: new Map(),
        waiting: [],
        wasFull: false,
      };
      queues.set(userId, queue);
      if (queue.running.size < atOncePerUser) {
        start(userId, queue, job);
        return 'taken';
      }
      if (queue.waiting.length >= waitingPerUser || waitingNow >= waitingInAll) {
        const answer = queue.wasFull ? 'still full' : 'full';
        queue.wasFull = true;
        return answer;
      }
      queue.waiting.push(job);
      waitingNow += 1;
      return 'taken';
    },

    left(userId) {
      const queue = queues.get(userId);
      if (!queue) return;
      const kept = queue.waiting.filter(({ endsWithUser }) => !endsWithUser);
      waitingNow -= queue.waiting.length - kept.length;
      queue.waiting = kept;
      for (const [job, controller] of queue.running) if (job.endsWithUser) controller.abort();
    },

    stop() {
      const all = [...queues.values()];
      queues.clear();
      waitingNow = 0;
      for (const queue of all) {
        queue.waiting = [];
        for (const controller of queue.running.values()) controller.abort();
      }
    },
  };
}
