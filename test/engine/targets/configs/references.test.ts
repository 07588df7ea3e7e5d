import { configChecksum } from '../../../../lib/engine/targets/configs/checksum.js';
import { configReferences, withPrimaryConfigs } from '../../../../lib/engine/targets/configs/references.js';

const spec = {
  volumes: [
    { name: 'a', configMap: { name: 'in-volume', optional: true } },
    { name: 'b', secret: { secretName: 'in-volume' } },
    {
      name: 'c',
      projected: { sources: [{ configMap: { name: 'projected' } }, { secret: { name: 'projected' } }] },
    },
    { name: 'd', emptyDir: {} },
  ],
  imagePullSecrets: [{ name: 'registry' }],
  containers: [
    {
      name: 'app',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { configMapKeyRef: { name: 'in-env', key: 'k' } } },
        { name: 'C', valueFrom: { secretKeyRef: { name: 'in-env', key: 'k', optional: true } } },
      ],
      envFrom: [{ configMapRef: { name: 'in-volume' } }, { secretRef: { name: 'bulk' } }],
    },
  ],
  initContainers: [{ name: 'init', envFrom: [{ configMapRef: { name: 'init' } }] }],
};

describe('the configs of a pod', () => {
  it('are found in volumes, projections, variables and envFrom, of init containers too', () => {
    const found = configReferences(spec).map(({ kind, name, optional }) => `${kind}/${name} ${optional}`);
    expect(found.sort()).toEqual([
      'configmap/in-env false',
      'configmap/in-volume false',
      'configmap/init false',
      'configmap/projected false',
      'secret/bulk false',
      'secret/in-env true',
      'secret/in-volume false',
      'secret/projected false',
    ]);
  });

  it('get -primary behind their names where they were copied, and nothing else changes', () => {
    const copied = new Set(configReferences(spec).map(({ kind, name }) => `${kind}/${name}`));
    const renamed = withPrimaryConfigs(spec, copied);
    expect(configReferences(renamed).every(({ name }) => name.endsWith('-primary'))).toBe(true);
    expect(JSON.stringify(renamed).replaceAll('-primary', '')).toBe(JSON.stringify(spec));
    expect(withPrimaryConfigs(spec, new Set())).toEqual(spec);
  });
});

describe('the checksum of a config', () => {
  const metadata = { name: 'x' };
  it.each([
    [{ b: '2', a: '<1>&' }, 'b96f9dad043448ce'],
    [undefined, '74234e98afe7498f'],
    [{}, '44136fa355b3678a'],
    [{ value: Buffer.from('s3cr3t').toString('base64') }, 'e9508890208eabc4'],
  ])("of %j is Flagger's", (data, checksum) => {
    expect(configChecksum({ metadata, ...(data ? { data } : {}) })).toBe(checksum);
  });

  it('changes with binary data, which Flagger overlooks', () => {
    const plain = { metadata, data: { a: '1' } };
    expect(configChecksum({ ...plain, binaryData: {} })).toBe(configChecksum(plain));
    expect(configChecksum({ ...plain, binaryData: { b: 'AA==' } })).not.toBe(configChecksum(plain));
  });
});
