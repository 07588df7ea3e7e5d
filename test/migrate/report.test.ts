import type { KubeObject } from '../../lib/api/kinds.js';
import { canaryRelevance, templateRelevance } from '../../lib/migrate/deviations.js';
import { parity } from '../../lib/migrate/parity.js';
import { reportMigration } from '../../lib/migrate/report.js';
import { planTakeOver } from '../../lib/migrate/takeOver.js';
import { canaryWith } from '../api/fixtures/manifests.js';

const flagger = (...args: string[]): KubeObject & Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'flagger', namespace: 'ingress-nginx' },
  spec: {
    template: { spec: { containers: [{ name: 'flagger', image: 'ghcr.io/fluxcd/flagger:1.44.0', args }] } },
  },
});
const report = (...objects: object[]) =>
  reportMigration(
    objects.map((object) => ({ object: object as KubeObject, source: 'canary.yaml' })),
    [],
    'default',
  );
const fields = (object: object) => report(object).objects[0]!.deviations.map(({ field }) => field);

describe('the report of perch migrate', () => {
  it('finds nothing to say of a canary as the tutorials have it', () => {
    const [finding] = report(canaryWith({}, { provider: 'kubernetes' })).objects;
    expect(finding).toMatchObject({
      namespace: 'test',
      name: 'podinfo',
      same: 9,
      deviations: [],
      routing: [],
    });
  });

  it.each<[string, object, string[]]>([
    ['a mirror', canaryWith({ mirror: true }), ['spec.analysis.mirror']],
    ['no mirror', canaryWith({ mirror: false }), []],
    [
      'a header prefix',
      canaryWith({ match: [{ headers: { 'x-a.b': { prefix: 'v' } } }] }),
      ['spec.analysis.match[].headers.*.prefix'],
    ],
    [
      'an alert without severity',
      canaryWith({ alerts: [{ name: 'a', providerRef: { name: 'a' } }] }),
      ['spec.analysis.alerts[].severity'],
    ],
    [
      'steps out of order',
      canaryWith({ stepWeight: undefined, stepWeights: [5, 3] }),
      ['spec.analysis.stepWeights[]'],
    ],
    ['rising steps', canaryWith({ stepWeight: undefined, stepWeights: [3, 5] }), []],
  ])('tells what deviates of %s', (_, canary, expected) => {
    expect(fields(canary)).toEqual(expected);
  });

  it('tells of a template whose provider is not read alike', () => {
    const template = (type: string) => ({
      apiVersion: 'flagger.app/v1beta1',
      kind: 'MetricTemplate',
      metadata: { name: 't' },
      spec: { provider: { type, address: 'http://a' }, query: 'q' },
    });
    expect(fields(template('datadog'))).toEqual(['MetricTemplate.spec.provider.type']);
    expect(fields(template('prometheus'))).toEqual([]);
  });

  it('asks of an alert provider nothing that is about templates', () => {
    const provider = { apiVersion: 'flagger.app/v1beta1', kind: 'AlertProvider', metadata: { name: 'a' } };
    expect(fields({ ...provider, spec: { type: 'slack', address: 'http://a' } })).toEqual([]);
  });

  it('looks at what is in a field only where the page has that field', () => {
    const known = parity.fields.flatMap((row) => row.fields);
    expect(known).toEqual(
      expect.arrayContaining([...Object.keys(canaryRelevance), ...Object.keys(templateRelevance)]),
    );
  });

  it('names file and field of what is invalid, and compares nothing of it', () => {
    const found = report(canaryWith({ threshold: 'five' }));
    expect(found.objects[0]).toMatchObject({ same: 0, problems: [{ path: 'spec.analysis.threshold' }] });
    expect(planTakeOver(found, '').objections).toEqual([
      expect.stringMatching(/^canary.yaml: Canary test\/podinfo spec.analysis.threshold: expected/),
    ]);
  });

  it("judges Flagger's flags, and takes the provider from them without saying a value that may be a secret", () => {
    const found = report(
      flagger(
        '-mesh-provider=nginx',
        '-slack-url=https://hooks.example.com/T0/secret',
        '-control-loop-interval',
        '5s',
      ),
      canaryWith(),
    );
    expect(found.flagger).toMatchObject([
      {
        meshProvider: 'nginx',
        metricsServer: 'http://prometheus:9090',
        flags: [
          { flag: '-mesh-provider', status: 'deviates' },
          { flag: '-slack-url', status: 'same' },
          { flag: '-control-loop-interval', status: 'deviates' },
        ],
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
    expect(found.objects[0]!.routing).toHaveLength(1);
  });
});

describe('taking over', () => {
  it('waits for a release that is under way, and for flags that perch does not know', () => {
    const busy = { ...canaryWith(), status: { phase: 'Progressing' } };
    const { objections } = planTakeOver(report(flagger('-mesh-provder=nginx'), busy), '');
    expect(objections).toEqual([
      expect.stringContaining('is Progressing: wait'),
      expect.stringContaining('-mesh-provder: did you mean -mesh-provider?'),
    ]);
  });

  it('stops the Flagger that is there before it starts perch', () => {
    const { objections, steps } = planTakeOver(report(flagger(), canaryWith()), 'deploy/');
    const commands = steps.flatMap((step) => step.commands);
    expect(objections).toEqual([]);
    expect(commands[0]).toBe('perch migrate deploy/ --code > main.ts');
    expect(commands.indexOf('kubectl -n ingress-nginx scale deployment/flagger --replicas=0')).toBeLessThan(
      commands.indexOf('perch deploy main.ts'),
    );
  });
});
