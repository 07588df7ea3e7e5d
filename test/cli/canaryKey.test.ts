import { canaryKey } from '../../lib/cli/canaryKey.js';

const cluster = { namespace: 'of-the-context' };

test.each([
  ['podinfo', {}, 'of-the-context/podinfo'],
  ['podinfo', { namespace: 'test' }, 'test/podinfo'],
  ['test/podinfo', {}, 'test/podinfo'],
  ['test/podinfo', { namespace: 'test' }, 'test/podinfo'],
])('%s with %j is the canary %s', (words, flags, expected) => {
  const { namespace, name } = canaryKey(words, flags, cluster);
  expect(`${namespace}/${name}`).toBe(expected);
});

test('two namespaces are refused, as one of them would go unheard', () => {
  expect(() => canaryKey('test/podinfo', { namespace: 'prod' }, cluster)).toThrow(
    expect.objectContaining({
      code: 'CLI_FLAG_REFUSED',
      message: "expected one namespace, got 'test' of test/podinfo and 'prod' of -n",
      remedy: 'leave one out: test/podinfo, or podinfo -n prod',
    }),
  );
});

test.each(['', '/podinfo', 'test/', 'a/b/c'])('%j names no canary', (words) => {
  expect(() => canaryKey(words, {}, cluster)).toThrow(expect.objectContaining({ code: 'CLI_FLAG_VALUE' }));
});
