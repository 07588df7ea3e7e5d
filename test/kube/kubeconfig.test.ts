import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../property.js';
import { bundle } from './program.js';

/** Reads a kubeconfig for each line of a file, as the command line does; prints the code of the error, or ''. */
const program = `
import { readFileSync, writeFileSync } from 'node:fs';
import { loadConnection } from './lib/kube/config.ts';
async function read() {
  const outcomes = [];
  for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\\n')) {
    writeFileSync(process.argv[3], JSON.parse(line));
    const outcome = await loadConnection({ kubeconfig: process.argv[3] }).then(
      async (connection) => { await connection.close(); return ''; },
      (error) => error.code ?? String(error),
    );
    outcomes.push(outcome);
  }
  console.log(JSON.stringify(outcomes));
}
read();
`;

const whole = (server: unknown) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
    clusters: [{ name: 'c', cluster: { server } }],
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user: {} }],
  });
const lines = fc.constantFrom(
  ...[
    'apiVersion: v1',
    'clusters:',
    'clusters: 5',
    'contexts: {}',
    '- name: a',
    '  cluster:',
    'users: [null]',
    '&a [*a]',
  ],
  ...[
    'current-context: a',
    '    server: 5',
    '{',
    '"',
    '\u0000',
    'clusters: [{name: a, cluster: {server: "x"}}]',
  ],
);
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(lines).map((parts) => parts.join('\n')),
  fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.webUrl()).map(whole),
);

test('whatever a kubeconfig holds, it is read or refused with KUBE_CONFIG', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-kubeconfig-'));
  const at = (name: string) => join(folder, name);
  try {
    bundle(program, at('read.cjs'));
    const samples = fc.sample(texts, 300);
    writeFileSync(at('texts'), samples.map((text) => JSON.stringify(text)).join('\n'));
    const printed = execFileSync(process.execPath, [at('read.cjs'), at('texts'), at('config')], {
      encoding: 'utf8',
      env: { HOME: folder },
    });
    const outcomes = JSON.parse(printed) as string[];
    expect(outcomes).toHaveLength(300);
    const odd = outcomes.flatMap((code, at) =>
      code === '' || code === 'KUBE_CONFIG' ? [] : [[code, samples[at]]],
    );
    expect(odd).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
