/**
 * Tells the other gateways who has signed out: again and again until Redis has taken it. It is kept by then
 * that they have, and a gateway that has missed nothing would not ask.
 */
export interface SignOutNews {
  tell(userId: string): void;
  /** Tells what could not be told. */
  retry(): void;
}

/** So many may wait to be told; what comes beyond is not told at all. */
const maxUntold = 1_000;

/** `send` rejects while it cannot be told. */
export function createSignOutNews(send: (userId: string) => Promise<unknown>): SignOutNews {
  const untold = new Set<string>();
  const underWay = new Set<string>();

  function attempt(userId: string) {
    if (underWay.has(userId)) return;
    underWay.add(userId);
    send(userId)
      .then(
        () => untold.delete(userId),
        () => {},
      )
      .finally(() => underWay.delete(userId));
  }

  return {
    tell(userId) {
      if (untold.size >= maxUntold) return;
      untold.add(userId);
      attempt(userId);
    },
    retry() {
      for (const userId of untold) attempt(userId);
    },
  };
}
