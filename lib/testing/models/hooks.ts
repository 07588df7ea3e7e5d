import { sleep } from '../../ports/clock.js';
import type { HttpResponse } from '../../ports/http.js';
import type { World } from '../../sim/world.js';
import { durationOf, numberWithin } from '../given.js';

/** What answers requests of the canary's hooks in place of the world. */
export interface HookModel {
  (world: World): void;
  /** Whether it answers requests of this URL. */
  readonly answers?: (url: string) => boolean;
}

/** Which hook: by its URL, or by its name as it stands in the payload's metadata or path. */
type Url = string | RegExp;

function isAsked(url: Url, asked: string): boolean {
  return typeof url === 'string' ? asked.startsWith(url) : url.test(asked);
}

function answering(url: Url, respond: (world: World) => HttpResponse | Promise<HttpResponse>): HookModel {
  const model = (world: World) =>
    world.answer((request) => (isAsked(url, request.url) ? respond(world) : undefined));
  return Object.assign(model, { answers: (asked: string) => isAsked(url, asked) });
}

function response(status: number, body = ''): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** Hooks and gates of a simulation, by URL: its beginning, or what a regular expression finds in it. */
export const hooks = {
  /** Answers with this status, after `after` (at once by default). 200 to 202 let the release go on. */
  answer: (
    url: Url,
    { status, body = '', after = '0s' }: { status: number; body?: string; after?: string },
  ): HookModel => {
    numberWithin(status, 'hooks.answer.status', { least: 100, most: 599 });
    const delayMs = durationOf(after, 'hooks.answer.after');
    return answering(url, async (world) => {
      if (delayMs > 0) await sleep(world.clock, delayMs);
      return response(status, body);
    });
  },
  /** A gate: 403 until `opens` after the simulation began, 200 from then on. */
  gate: (url: Url, { opens }: { opens: string }): HookModel => {
    const opensAfterMs = durationOf(opens, 'hooks.gate.opens');
    return (world) => {
      const opensAt = world.clock.now() + opensAfterMs;
      answering(url, () => (world.clock.now() < opensAt ? response(403, 'Forbidden') : response(200, 'OK')))(
        world,
      );
    };
  },
};
