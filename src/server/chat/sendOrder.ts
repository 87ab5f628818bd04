/**
 * Keeps the order of what one connection sends to a room where some of it could not be stored. What was on its
 * way by then would overtake it: that has to wait, until the first that was refused has come again, or for as long
 * as its client was asked to wait.
 */
export class SendOrder {
  /** By room, the first that was refused. */
  #refused: Map<string, { id: string; untilMs: number }> | undefined;

  /** How long a message that has come has to wait, in ms; 0: it may be stored. */
  waitMs(room: string, id: string, nowMs: number): number {
    const first = this.#refused?.get(room);
    if (!first) return 0;
    if (first.id !== id && nowMs < first.untilMs) return Math.ceil(first.untilMs - nowMs);
    this.#refused?.delete(room);
    return 0;
  }

  /** The message could not be stored, and may come again; `untilMs`: its client waits until then. */
  refused(room: string, id: string, untilMs: number): void {
    this.#refused ??= new Map();
    if (!this.#refused.has(room)) this.#refused.set(room, { id, untilMs });
  }
}
