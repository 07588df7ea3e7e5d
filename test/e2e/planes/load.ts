import { type Answer, createClient } from './client.ts';

/** What became of a load. */
export interface Tally {
  readonly sent: number;
  /** Not answered, or with an error that is not the application's own: when and how. */
  readonly failed: readonly Failure[];
  /** Errors of a release that was made to answer so. */
  readonly faulty: number;
  readonly repeated: number;
}

export interface Failure {
  /** What was going on. */
  readonly moment: string;
  readonly text: string;
}

export interface Load {
  /** Ends it when every request is answered. */
  end(): Promise<Tally>;
}

const PER_SECOND = 50;

/** A constant load, however long an answer takes. */
export function createLoad(address: string, host: string, moment: () => string): Load {
  const client = createClient(address, host, 200);
  const failed: Failure[] = [];
  const began = performance.now();
  const pending = new Set<Promise<void>>();
  let [sent, faulty] = [0, 0];
  const send = () => {
    const [now, atMs] = [moment(), performance.now() - began];
    const fail = (what: string) =>
      failed.push({ moment: now, text: `${(atMs / 1000).toFixed(1)} s, ${now}: ${what}` });
    const judge = ({ status, pod }: Answer) => {
      if (status < 400) return;
      if (pod !== undefined && status === 500) faulty += 1;
      else fail(`${status} of ${pod ?? 'the proxy'}`);
    };
    sent += 1;
    const request: Promise<void> = client
      .ask()
      .then(judge)
      .catch((error: Error) => void fail(error.message))
      .finally(() => pending.delete(request));
    pending.add(request);
  };
  const timer = setInterval(() => {
    // a late timer makes up for what it missed
    const due = Math.floor(((performance.now() - began) * PER_SECOND) / 1000);
    while (sent < due) send();
  }, 1000 / PER_SECOND);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(pending);
      client.close();
      return { sent, failed, faulty, repeated: client.repeated };
    },
  };
}
