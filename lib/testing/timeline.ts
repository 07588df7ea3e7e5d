import { formatDuration } from '../api/duration.js';
import type { RolloutFacts } from './rollout.js';

/** `1:02:03.5`: hours where there are any, tenths of a second. */
function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60];
  const seconds = `${pad(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${seconds}` : `${pad(minutes)}:${seconds}`;
}

const outcomes = {
  promoted: 'was promoted',
  rolledBack: 'was rolled back',
  deleted: 'ended as its Canary was deleted',
  unfinished: 'had not ended',
};

/** What happened when, a line each, and below it what came of it and the seed that repeats it. */
export function printTimeline(facts: RolloutFacts): string {
  const { entries, image, outcome, durationMs, requests, exposedRequests, failedRequests, seed } = facts;
  const lines = entries.map(
    ({ atMs, phase, weight, text, bad }) =>
      `${clock(atMs).padStart(9)}  ${(phase || '-').padEnd(16)} ${String(weight).padStart(3)} %  ${bad ? '✗' : ' '} ${text}`,
  );
  return [
    ...lines,
    `${image} ${outcomes[outcome]} after ${formatDuration(Math.round(durationMs / 100) * 100)};` +
      ` of ${requests} requests of users it answered ${exposedRequests}, and ${failedRequests} failed`,
    `seed: ${JSON.stringify(seed)}`,
  ].join('\n');
}
