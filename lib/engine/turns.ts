/** Lets what many want to begin at the same moment begin one after another. */
export interface Turns {
  /** Epoch ms of the key's turn, the same until that has come: now, when nobody had one just before. */
  of(key: string, nowMs: number): number;
  /** Gives up the turn of a key that no longer wants one. */
  forget(key: string): void;
}

/** `everyMs`: from one turn to the next. */
export function createTurns(everyMs: number): Turns {
  const waiting = new Map<string, number>();
  let last = Number.NEGATIVE_INFINITY;
  return {
    of(key, nowMs) {
      const own = waiting.get(key);
      // nobody waits for longer than all of them take, though the clock be set back
      const latest = nowMs + (waiting.size + 1) * everyMs;
      const turn = Math.min(own ?? Math.max(nowMs, last + everyMs), latest);
      if (own === undefined) last = turn;
      if (turn > nowMs) waiting.set(key, turn);
      else waiting.delete(key);
      return turn;
    },
    forget(key) {
      waiting.delete(key);
    },
  };
}
