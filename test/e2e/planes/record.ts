import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { weights } from './chapters.ts';
import { type Finding, failedInHandover } from './course.ts';
import type { Share } from './shares.ts';

/** The measured shares, one line a plane. */
export function sayFindings(findings: readonly Finding[]): void {
  for (const line of table(findings)) console.log(`# ${line}`);
}

/** Writes what was measured to docs/data-planes.md. */
export async function writeFindings(root: string, findings: readonly Finding[]): Promise<void> {
  const text = [
    '# Real requests through real proxies',
    '',
    'What `npm run e2e -- planes --record` measured and wrote: perch, a real Prometheus and real proxies in a real cluster.',
    '',
    '## The canary’s share',
    '',
    'Percent that the canary answered of 2,000 requests over 20 connections at each weight of a release; held by cookie:',
    'of 10,000 requests of 500 clients that keep their cookies. A share off by more than 2 points is asked for once',
    'more, of 10,000 requests (of 10,000 clients): where a proxy draws by chance, 2,000 draws at 50 % are off by more',
    'than 2 points seven times in a hundred, and those of 500 clients more than every third time. The first answer is',
    'in brackets.',
    '',
    ...table(findings),
    '',
    '## Failed requests',
    '',
    'Fifty requests a second from before the canary is there until after it is gone: adoption, an aborted release, two',
    'that are rolled back by what the proxy counted, a promotion, off-boarding. The faulty release’s own answers, an',
    'error by intention, are counted apart.',
    '',
    'A proxy hears of a pod’s beginning and end a moment after Kubernetes does, so the application does what any should:',
    '`minReadySeconds: 5` and a `preStop` sleep of 10 seconds, [as `CanaryApp` gives it](no-failed-requests.md).',
    'Without the former, 4 of 11,282 requests met a canary of which Traefik did not know the new pod yet.',
    '',
    'Contour’s Envoy answers 503 for some tenths of a second when a route names a Service for the first time, since it',
    'hears of routes and of clusters by separate streams: once when a route that was there is taken over, and once when it',
    'is given back. Changes of weight, promotions and rollbacks name no new Service.',
    '',
    '| plane | requests | failed | in adoption and off-boarding | answered by the faulty release | sent again on a new connection |',
    '| --- | --- | --- | --- | --- | --- |',
    ...findings.map(({ plane, tally }) => {
      const { sent, failed, faulty, repeated } = tally;
      return `| ${[plane.title, sent, failed.length, failedInHandover(tally), faulty, repeated].join(' | ')} |`;
    }),
    '',
  ];
  await writeFile(join(root, 'docs/data-planes.md'), text.join('\n'));
}

function table(findings: readonly Finding[]): string[] {
  const columns = weights.map((weight) => `${weight} %`);
  return [
    `| plane | ${columns.join(' | ')} | ${columns.map((column) => `${column}, held by cookie`).join(' | ')} |`,
    `| ${['---', ...columns, ...columns].map(() => '---').join(' | ')} |`,
    ...findings.map(({ plane, shares, held }) => {
      const cells = weights.map((weight) => cell(held.find((share) => share.weight === weight)));
      return `| ${[plane.title, ...shares.map(cell), ...cells].join(' | ')} |`;
    }),
  ];
}

function cell(share: Share | undefined): string {
  if (!share) return '-';
  const first = share.first === undefined ? '' : ` (${share.first.toFixed(1)})`;
  return `${share.percent.toFixed(1)}${first}`;
}
