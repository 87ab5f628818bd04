/** Work that is wanted many times in one go, and done once after it. */
export interface OnceAfter {
  /** Does the work now, or at the end of what is being run. */
  request(): void;
  /** Runs something that may request the work any number of times. */
  run(steps: () => void): void;
}

export function createOnceAfter(work: () => void): OnceAfter {
  let isRunning = false;
  let isDue = false;
  return {
    request() {
      if (isRunning) isDue = true;
      else work();
    },
    run(steps) {
      isRunning = true;
      try {
        steps();
      } finally {
        isRunning = false;
      }
      if (!isDue) return;
      isDue = false;
      work();
    },
  };
}
