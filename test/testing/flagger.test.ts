import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Rollout, simulate, traffic } from '../../lib/testing/index.js';
import { podinfo } from '../sim/podinfo.js';

/*
 * Rollouts of Flagger 1.44 itself on a real cluster: podinfo behind ingress-nginx, under the canary of canary.yaml, with
 * twenty requests a second, and in the bad ones as many for a path that fails or is slow.
 */
const folder = join(__dirname, 'flagger');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

function saidByFlagger(name: string): string[] {
  const lines = read(`${name}.jsonl`).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

/** Without what was measured. */
const comparable = (texts: readonly string[]) =>
  texts.map((text) => text.replace(/(success rate|latency) [\d.]+%?/, '$1 #'));

async function released(...trouble: string[]): Promise<Rollout> {
  const documents = parseAllDocuments(read('canary.yaml')).map((document) => document.toJS() as object);
  const stack = podinfo().filter(({ kind = '' }) => !['Ingress', 'Canary', 'MetricTemplate'].includes(kind));
  const paths = ['/', ...trouble].map((path) => traffic.steady({ rps: 20, path }));
  const simulation = simulate([...stack, ...documents], { traffic: traffic.all(...paths) });
  return simulation.release({ image: 'ghcr.io/stefanprodan/podinfo:6.9.1' });
}

const said = ({ entries }: Rollout) => entries.filter(({ kind }) => kind === 'event').map(({ text }) => text);

test('a good release says what Flagger said, in its order', async () => {
  expect(said(await released())).toEqual(saidByFlagger('promoted'));
});

test('a release with errors says what Flagger said, in its order', async () => {
  expect(comparable(said(await released('/status/500')))).toEqual(comparable(saidByFlagger('errors')));
});

test('a slow release is halted and rolled back in Flagger’s words', async () => {
  // Flagger's load test broke off what took long, so that its release met errors first
  const flagger = comparable(saidByFlagger('latency'));
  const ours = comparable(said(await released('/delay/2')));
  expect(flagger).toEqual(expect.arrayContaining(ours));
  expect(ours.filter((text) => text.startsWith('Halt'))).toHaveLength(
    flagger.filter((text) => text.startsWith('Halt')).length,
  );
  expect(ours.slice(-2)).toEqual(flagger.slice(-2));
});
