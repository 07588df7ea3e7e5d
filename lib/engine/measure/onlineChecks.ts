import type { Clock } from '../../ports/clock.js';

/** Asks whether providers answer, each once for all canaries that name it. */
export interface OnlineChecks {
  /** The answer for `provider`, from the last 10 seconds; else of `ask`. Rejects as `ask` does. */
  share(provider: string, ask: () => Promise<void>): Promise<void>;
}

const KEEP_MS = 10_000;

/** Canaries that are initialised together ask the same server the same question, and one that hangs is asked once. */
export function createOnlineChecks(clock: Clock): OnlineChecks {
  const answers = new Map<string, { answer: Promise<void>; until: number }>();
  return {
    share(provider, ask) {
      const now = clock.now();
      for (const [key, { until }] of answers) if (until <= now) answers.delete(key);
      const known = answers.get(provider);
      if (known) return known.answer;
      const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
      const expire = (): void => {
        entry.until = clock.now() + KEEP_MS;
      };
      entry.answer.then(expire, expire);
      answers.set(provider, entry);
      return entry.answer;
    },
  };
}
