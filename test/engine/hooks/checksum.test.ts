import { fnv1a, runChecksum, safeEncode } from '../../../lib/engine/hooks/checksum.js';

describe('the checksum of a hook', () => {
  it('hashes and encodes as Kubernetes does', () => {
    expect(fnv1a('(string)podinfo-00001')).toBe(1054909782);
    expect(safeEncode('1054909782')).toBe('5498f4fcd6');
  });

  it.each([
    [
      { trackedConfigs: { 'configmap/b': '22', 'configmap/a': '11' }, lastAppliedSpec: '5f56684589' },
      '665cdbfd7c',
    ],
    [undefined, '758df7c9fc'],
    [{ lastAppliedSpec: '5f56684589' }, '5c4d6696cf'],
    [{ trackedConfigs: {}, lastAppliedSpec: 'x' }, '76485df54b'],
  ])('of %j is the one Flagger sends', (status, checksum) => {
    expect(runChecksum(status)).toBe(checksum);
  });
});
