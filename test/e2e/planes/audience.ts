import type { Client } from './client.ts';
import { type Count, type Door, isPrimary } from './shares.ts';

/** Clients that bear the cookies they are given, and forget those that they are told to forget. */
export interface Audience {
  /** Each of them sends so many requests. */
  ask(requests: number): Promise<Count>;
  close(): void;
}

const AT_ONCE = 20;

export function createAudience(door: Door, clients: number): Audience {
  const client = door.open(AT_ONCE);
  const jars = Array.from({ length: clients }, () => new Map<string, string>());
  return {
    async ask(requests) {
      const tally = { canary: 0, primary: 0, others: 0 };
      const waiting = [...jars];
      const work = async () => {
        for (let jar = waiting.pop(); jar; jar = waiting.pop()) {
          for (let sent = 0; sent < requests; sent += 1) tally[await askOnce(client, door, jar)] += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return tally;
    },
    close: () => client.close(),
  };
}

async function askOnce(client: Client, door: Door, jar: Map<string, string>): Promise<keyof Count> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await client.ask(cookie ? { headers: { cookie } } : {});
  for (const text of answer.setCookies) keep(jar, text);
  if (isPrimary(door, answer)) return 'primary';
  return answer.pod?.startsWith(`${door.name}-`) ? 'canary' : 'others';
}

function keep(jar: Map<string, string>, setCookie: string): void {
  const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const age = attributes.find((attribute) => attribute.toLowerCase().startsWith('max-age='));
  if (age && Number(age.slice('max-age='.length)) <= 0) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}
