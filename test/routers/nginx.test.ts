import type { AnalysisMatch } from '../../lib/api/canary.js';
import { PerchError } from '../../lib/api/errors.js';
import { type Ingress, Ingresses } from '../../lib/api/workloads.js';
import { routerConformance, split } from '../conformance/routers.js';
import { apexIngress, apexKey, canaryKey, canaryWith, nginxBench, prefix } from './nginxBench.js';

routerConformance('nginx', () => nginxBench(), {
  unsupported: ['mirror', 'sessionAffinity'],
  reason: 'ingress-nginx mirrors to a URL outside the canary annotations',
});

routerConformance(
  'nginx under another annotation prefix',
  () => nginxBench(apexIngress(), 'custom.ingress'),
  {
    unsupported: ['mirror', 'sessionAffinity'],
    reason: 'as above',
  },
);

test('the canary Ingress is the apex Ingress with the application’s paths led to the canary’s Service', async () => {
  const bench = nginxBench();
  await bench.router.sync(bench.canary, split(0));
  const { spec, metadata } = bench.canaryIngress()!;
  const apex = apexIngress();
  expect(spec.rules![0]!.http!.paths.map(({ backend }) => backend.service!.name)).toEqual([
    'podinfo-canary',
    'docs',
  ]);
  expect({ ...spec, rules: [] }).toEqual({ ...apex.spec, rules: [] });
  expect(metadata.labels).toEqual({ app: 'podinfo' });
  expect(metadata.annotations).toEqual({
    [`${prefix}/proxy-body-size`]: '8m',
    [`${prefix}/canary`]: 'true',
    [`${prefix}/canary-weight`]: '0',
    'kustomize.toolkit.fluxcd.io/reconcile': 'disabled',
    'helm.toolkit.fluxcd.io/driftDetection': 'disabled',
  });
});

test('the apex Ingress is never written', async () => {
  const bench = nginxBench();
  for (const weight of [0, 50, 0]) await bench.router.sync(bench.canary, split(weight));
  expect(bench.objects.read(Ingresses, apexKey)).toEqual(apexIngress());
});

test('service.name, when given, is the Service that the paths must lead to', async () => {
  const apex = apexIngress();
  apex.spec.rules![0]!.http!.paths[0]!.backend.service!.name = 'web';
  const bench = nginxBench(apex);
  const canary = canaryWith();
  canary.spec.service = { name: 'web', port: 80 };
  await bench.router.sync(canary, split(20));
  expect(bench.canaryIngress()!.spec.rules![0]!.http!.paths[0]!.backend.service!.name).toBe('web-canary');
});

test('a change of the apex Ingress’s hosts, paths and TLS reaches the canary Ingress with the weight, in one write', async () => {
  const bench = nginxBench();
  await bench.router.sync(bench.canary, split(20));
  const { writes } = bench.objects;
  const apex = apexIngress();
  apex.spec.rules![0]!.host = 'new.example.com';
  delete apex.spec.tls;
  bench.objects.put(Ingresses, apex);
  await bench.router.sync(bench.canary, split(30));
  const { spec } = bench.canaryIngress()!;
  expect(spec.rules![0]!.host).toBe('new.example.com');
  expect(spec).not.toHaveProperty('tls');
  expect(bench.canaryShare({ headers: {} })).toBe(30);
  expect(bench.objects.writes).toBe(writes + 1);
});

test('annotations that others add to the canary Ingress stay, unless they share out requests', async () => {
  const bench = nginxBench();
  await bench.router.sync(bench.canary, split(20));
  annotate(bench, {
    team: 'web',
    [`${prefix}/canary-by-header`]: 'x-debug',
    [`${prefix}/canary-weight-total`]: '1000',
  });
  await bench.router.sync(bench.canary, split(20));
  const { annotations } = bench.canaryIngress()!.metadata;
  expect(annotations).toMatchObject({ team: 'web', [`${prefix}/canary-weight`]: '20' });
  expect(annotations).not.toHaveProperty([`${prefix}/canary-weight-total`]);
  expect(annotations).not.toHaveProperty([`${prefix}/canary-by-header`]);
});

test('who the apex Ingress sends to the canary by header is sent there at every weight', async () => {
  const apex = apexIngress();
  apex.metadata.annotations![`${prefix}/canary-by-header`] = 'x-debug';
  const bench = nginxBench(apex);
  for (const weight of [0, 30, 0]) {
    await bench.router.sync(bench.canary, split(weight));
    expect(bench.canaryShare({ headers: { 'x-debug': 'always' } })).toBe(100);
    expect(bench.canaryShare({ headers: {} })).toBe(weight);
  }
});

test('whom the apex Ingress chooses by header may change at any time, and nobody is left on the canary in the end', async () => {
  const bench = nginxBench();
  const byHeader = (header: string) => {
    const apex = apexIngress();
    apex.metadata.annotations![`${prefix}/canary-by-header`] = header;
    bench.objects.put(Ingresses, apex);
  };
  const share = (header: string) => bench.canaryShare({ headers: { [header]: 'always' } });
  await bench.router.sync(bench.canary, split(30));
  byHeader('x-debug');
  await bench.router.sync(bench.canary, split(30));
  expect([share('x-debug'), share('x-other')]).toEqual([100, 30]);
  byHeader('x-other');
  await bench.router.sync(bench.canary, split(30));
  expect([share('x-debug'), share('x-other')]).toEqual([30, 100]);
  await bench.router.finalize(bench.canary);
  expect([share('x-debug'), share('x-other')]).toEqual([0, 0]);
});

const inner = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'inner' } as const;

/** A second Ingress that leads to the application, and the weights of both canary Ingresses. */
function withInner() {
  const bench = nginxBench();
  bench.objects.put(Ingresses, { ...apexIngress(), metadata: { name: 'inner', namespace: 'test' } });
  const weights = () =>
    ['podinfo-canary', 'inner-canary'].map(
      (name) =>
        bench.objects.read(Ingresses, { namespace: 'test', name })?.metadata.annotations?.[
          `${prefix}/canary-weight`
        ],
    );
  return { ...bench, weights };
}

test('several Ingresses that lead to one application are split alike', async () => {
  const { weights, ...bench } = withInner();
  bench.canary.spec.ingressRefs = [inner, { ...inner, name: 'podinfo' }];
  await bench.router.sync(bench.canary, split(40));
  expect(weights()).toEqual(['40', '40']);
  expect(await bench.router.sync(bench.canary, split(40))).toEqual({ found: split(40), changed: false });
  bench.objects.drop(Ingresses, { namespace: 'test', name: 'inner-canary' });
  expect((await bench.router.sync(bench.canary, split(40))).changed).toBe(true);
  expect(weights()).toEqual(['40', '40']);
});

test('an Ingress that the Canary names no longer sends nobody to the canary, and gets its share back when it is named again', async () => {
  const { weights, ...bench } = withInner();
  bench.canary.spec.ingressRefs = [inner];
  await bench.router.sync(bench.canary, split(40));
  delete bench.canary.spec.ingressRefs;
  expect(await bench.router.sync(bench.canary, split(40))).toEqual({ found: split(40), changed: true });
  expect(weights()).toEqual(['40', '0']);
  expect((await bench.router.sync(bench.canary, split(40))).changed).toBe(false);
  bench.canary.spec.ingressRef = inner;
  await bench.router.sync(bench.canary, split(40));
  expect(weights()).toEqual(['0', '40']);
});

test('an Ingress that does not exist yet keeps no share on the one that was named before', async () => {
  const bench = nginxBench();
  await bench.router.sync(bench.canary, split(40));
  bench.canary.spec.ingressRef = inner;
  await expect(bench.router.sync(bench.canary, split(40))).rejects.toMatchObject({
    code: 'ROUTER_INGRESS_NOT_FOUND',
  });
  expect(bench.canaryShare({ headers: {} })).toBe(0);
});

test('canary Ingresses of other Canaries, of other namespaces and of users stay as they are', async () => {
  const { weights, ...bench } = withInner();
  bench.canary.spec.ingressRefs = [inner];
  await bench.router.sync(bench.canary, split(40));
  const made = bench.objects.read(Ingresses, { namespace: 'test', name: 'inner-canary' })!;
  const [owner] = made.metadata.ownerReferences!;
  const strangers = [
    { name: 'other-canary', ownerReferences: [{ ...owner!, name: 'other' }] },
    { name: 'mine-canary', ownerReferences: [] },
    { name: 'inner-canary', namespace: 'elsewhere' },
  ].map((metadata) => ({ ...made, metadata: { ...made.metadata, ...metadata } }));
  for (const stranger of strangers) bench.objects.put(Ingresses, stranger);
  delete bench.canary.spec.ingressRefs;
  await bench.router.sync(bench.canary, split(40));
  for (const { metadata } of strangers)
    expect(bench.objects.read(Ingresses, { namespace: 'test', ...metadata })?.metadata).toEqual(metadata);
  expect(weights()).toEqual(['40', '0']);
});

test('a canary Ingress that was deleted comes back with its weight', async () => {
  const bench = nginxBench();
  await bench.router.sync(bench.canary, split(20));
  bench.objects.drop(Ingresses, canaryKey);
  expect(await bench.router.sync(bench.canary, split(20))).toEqual({ found: undefined, changed: true });
  expect(bench.canaryShare({ headers: {} })).toBe(20);
});

test.each(['lots', '-5', '101', '1e1', ''])(
  'a weight of “%s” says nothing and is put right',
  async (weight) => {
    const bench = nginxBench();
    await bench.router.sync(bench.canary, split(20));
    annotate(bench, { [`${prefix}/canary-weight`]: weight });
    expect((await bench.router.sync(bench.canary, split(20))).found).toBeUndefined();
    expect(bench.canaryShare({ headers: {} })).toBe(20);
  },
);

test('an Ingress of another class, without host, and rules without paths are all fine', async () => {
  const apex = apexIngress();
  delete apex.spec.tls;
  apex.spec.ingressClassName = 'internal';
  apex.spec.rules = [{ host: 'redirect.example.com' }, { http: apex.spec.rules![0]!.http! }];
  const bench = nginxBench(apex);
  await bench.router.sync(bench.canary, split(10));
  expect(bench.canaryIngress()!.spec.ingressClassName).toBe('internal');
  expect(bench.canaryIngress()!.spec.rules).toHaveLength(2);
});

const matches: [string, AnalysisMatch[], Record<string, string>, Record<string, string>][] = [
  [
    'an exact header',
    [{ headers: { 'x-user': { exact: 'ann' } } }],
    { 'x-user': 'ann' },
    { 'x-user': 'anna' },
  ],
  [
    'a regular expression',
    [{ headers: { 'x-user': { regex: '^a.*a$' } } }],
    { 'x-user': 'anna' },
    { 'x-user': 'ann' },
  ],
  ['a prefix', [{ headers: { 'x-user': { prefix: 'a.n' } } }], { 'x-user': 'a.na' }, { 'x-user': 'anna' }],
  ['a suffix', [{ headers: { 'x-user': { suffix: '+x' } } }], { 'x-user': 'a+x' }, { 'x-user': '+xa' }],
  [
    'a cookie',
    [{ headers: { cookie: { exact: 'insider' } } }],
    { cookie: 'insider=always' },
    { cookie: 'insider=never' },
  ],
  [
    'the last of two headers',
    [{ headers: { 'x-old': { exact: 'a' } } }, { headers: { 'x-new': { exact: 'b' } } }],
    { 'x-new': 'b' },
    { 'x-old': 'a' },
  ],
];

test.each(matches)('an A/B test by %s', async (_what, match, chosen, other) => {
  const bench = nginxBench();
  await bench.router.sync(canaryWith(match), split(100));
  expect(bench.canaryShare({ headers: chosen })).toBe(100);
  expect(bench.canaryShare({ headers: other })).toBe(0);
});

test('a header and a cookie both lead to the canary', async () => {
  const bench = nginxBench();
  const match: AnalysisMatch[] = [
    { headers: { 'x-user': { exact: 'ann' } } },
    { headers: { cookie: { exact: 'insider' } } },
  ];
  await bench.router.sync(canaryWith(match), split(100));
  expect(bench.canaryShare({ headers: { 'x-user': 'ann' } })).toBe(100);
  expect(bench.canaryShare({ headers: { cookie: 'a=b; insider=always' } })).toBe(100);
});

const refusals: [string, string, () => Promise<unknown>][] = [
  [
    'ROUTER_INGRESS_REF_MISSING',
    'ingress selector is empty: provider nginx expects spec.ingressRef, given none',
    async () => {
      const canary = canaryWith();
      delete canary.spec.ingressRef;
      await nginxBench().router.sync(canary, split(0));
    },
  ],
  [
    'ROUTER_INGRESS_NOT_FOUND',
    'ingresses.networking.k8s.io "podinfo" not found: expected Ingress podinfo in namespace test',
    async () => {
      const bench = nginxBench();
      bench.objects.drop(Ingresses, apexKey);
      await bench.router.sync(bench.canary, split(0));
    },
  ],
  [
    'ROUTER_BACKEND_NOT_FOUND',
    'backend podinfo not found in ingress podinfo: its paths lead to web, docs',
    async () => {
      const apex = apexIngress();
      apex.spec.rules![0]!.http!.paths[0]!.backend.service!.name = 'web';
      await nginxBench(apex).router.sync(canaryWith(), split(0));
    },
  ],
  [
    'ROUTER_BACKEND_NOT_FOUND',
    'backend podinfo not found in ingress podinfo: its paths lead to no Service at all',
    async () => {
      const apex: Ingress = { ...apexIngress(), spec: {} };
      await nginxBench(apex).router.sync(canaryWith(), split(0));
    },
  ],
  [
    'ROUTER_MATCH_UNSUPPORTED',
    'expected analysis.match to name a header or an exact cookie, given none that ingress-nginx can match on',
    async () => {
      const match = [{ headers: { cookie: { regex: '.*insider.*' } } }];
      await nginxBench().router.sync(canaryWith(match), split(100));
    },
  ],
];

test.each(refusals)('%s: %s', async (code, message, attempt) => {
  const error = await attempt().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PerchError);
  expect(error).toMatchObject({ code, message });
  expect((error as PerchError).remedy).not.toBe('');
});

function annotate(bench: ReturnType<typeof nginxBench>, annotations: Record<string, string>): void {
  const ingress = bench.canaryIngress()!;
  const all = { ...ingress.metadata.annotations, ...annotations };
  bench.objects.put(Ingresses, { ...ingress, metadata: { ...ingress.metadata, annotations: all } });
}
