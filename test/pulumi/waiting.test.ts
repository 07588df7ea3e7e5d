import { existsSync, readFileSync, statSync } from 'node:fs';
import { RunError } from '@pulumi/pulumi';
import { awaitRelease, type RunPerch } from '../../lib/pulumi/waiting.js';

const release = { namespace: 'test', name: 'podinfo', timeout: '30m' };
const done = {
  verdict: 'succeeded',
  phase: 'Succeeded',
  primaryRevision: 'p1:0123456789abcdef',
  reasons: [],
};

test('an update ends with what became of the release', async () => {
  const argv: string[] = [];
  const run: RunPerch = async (words) => {
    argv.push(...words);
    return { code: 0, out: JSON.stringify(done), error: '' };
  };
  expect(await awaitRelease({ ...release, context: 'staging' }, run)).toEqual(done);
  expect(argv).toEqual(['wait', 'test/podinfo', '--json', '--timeout', '30m', '--context', 'staging']);
});

test('a rollback fails the update with the reason', async () => {
  const run: RunPerch = async () => ({ code: 1, out: '', error: 'rolled back: success rate 69.17% < 99%\n' });
  const error = await awaitRelease(release, run).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RunError);
  expect((error as Error).message).toBe('release of test/podinfo: rolled back: success rate 69.17% < 99%');
});

test('a kubeconfig given as text is a file that nobody else may read, and is gone afterwards', async () => {
  let file = '';
  const kubeconfig = 'apiVersion: v1\nkind: Config\n';
  await awaitRelease({ ...release, kubeconfig }, async (argv) => {
    file = argv[argv.indexOf('--kubeconfig') + 1] ?? '';
    expect(readFileSync(file, 'utf8')).toBe(kubeconfig);
    expect(statSync(file).mode & 0o077).toBe(0);
    return { code: 0, out: JSON.stringify(done), error: '' };
  });
  expect(existsSync(file)).toBe(false);
});
