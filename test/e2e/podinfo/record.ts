import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seen } from './observer.ts';

export interface Chapter {
  readonly title: string;
  readonly events: readonly Seen[];
}

/** Writes what a user sees to docs/example-rollout.md. */
export async function writeRecord(root: string, chapters: readonly Chapter[]): Promise<void> {
  const text = [
    '# What a rollout looks like',
    '',
    'The Kubernetes events of examples/podinfo on a real cluster, with a real ingress-nginx and a real Prometheus',
    'that counts its requests. Seconds since the release. Written by `npm run e2e -- --record`.',
    ...chapters.flatMap(({ title, events }) => ['', `## ${title}`, '', '```', ...events.map(line), '```']),
    '',
  ];
  await writeFile(join(root, 'docs/example-rollout.md'), text.join('\n'));
}

function line({ atMs, type, message }: Seen): string {
  return `${(atMs / 1000).toFixed(1).padStart(6)}  ${type.padEnd(7)}  ${message}`;
}
