/** The worker's side of `workerTime.ts`: sets timers, and says which one is due. */
const timers = new Map<number, ReturnType<typeof setTimeout>>();

self.onmessage = ({ data }: MessageEvent<{ id: number; delayMs?: number }>) => {
  const { id, delayMs } = data;
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (delayMs === undefined) return;
  const fire = () => {
    timers.delete(id);
    self.postMessage(id);
  };
  timers.set(id, setTimeout(fire, delayMs));
};
