import { App, Chart, Duration } from 'cdk8s';
import { Alert, CanaryApp, CanaryPlatform, type CanaryPlatformProps, Check, Strategy } from 'perch';
import { faulty, simulate, traffic } from 'perch/testing';
import { Canaries } from '../../lib/api/canary.js';
import { Secrets } from '../../lib/api/workloads.js';
import { seldom } from '../e2e/security/seldom.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}
interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly Rule[];
}

const marker = 'marker-that-nobody-may-see';
const roles = ['perch-controller', 'perch-secrets'];

/** An application with all that the constructs give it, whose pods take a ConfigMap and a Secret. */
function stack(props: CanaryPlatformProps = {}) {
  const chart = new Chart(new App(), 'chart');
  new CanaryApp(chart, 'web', {
    platform: new CanaryPlatform(chart, 'platform', props),
    namespace: 'shop',
    image: 'registry.example.com/web:1',
    port: 8080,
    host: 'web.example.com',
    strategy: Strategy.canary({ interval: Duration.seconds(10), stepWeight: 25, maxWeight: 50 }),
    checks: [
      Check.load(),
      Check.confirmPromotion({ url: 'http://perch-loadtester.perch-system/gate/approve' }),
    ],
    alerts: [Alert.teams({ webhookUrl: { secretName: 'teams' } })],
    autoscaling: { minReplicas: 2, maxReplicas: 4 },
    secrets: ['database'],
  });
  const secret = (namespace: string, secretName: string, data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
  const objects = JSON.parse(JSON.stringify(chart.toJson())) as {
    kind: string;
    metadata: { name: string };
    spec: { template: { spec: { containers: { envFrom?: object[] }[] } } };
  }[];
  const web = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'web')!;
  web.spec.template.spec.containers[0]!.envFrom = [
    { secretRef: { name: 'database' } },
    { configMapRef: { name: 'settings' } },
  ];
  return [
    ...objects,
    secret('shop', 'database', { password: marker }),
    secret('shop', 'teams', { address: `https://example.webhook.office.com/webhookb2/${marker}` }),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      data: { a: 'b' },
    },
  ];
}

/** One version is promoted, one rolled back. */
async function releases(objects: object[]) {
  const simulation = simulate(objects as never, { traffic: traffic.steady({ rps: 50 }) });
  const good = await simulation.release({ image: 'registry.example.com/web:2' });
  const bad = await simulation.release({
    image: 'registry.example.com/web:3',
    behaves: faulty({ errorRate: 0.5 }),
  });
  return { good, bad, world: await simulation.world() };
}

const verbs: Readonly<Record<string, string>> = { updateStatus: 'update', apply: 'patch' };

describe('what the controller does in a whole release', () => {
  it.each([{ controller: { supports: [] } }, { controller: { supports: [], watchNamespace: 'shop' } }])(
    'is granted by the roles that the constructs write, which grant no more (%j)',
    async (props) => {
      const objects = stack(props);
      const { world } = await releases(objects);
      const granted = new Set(
        (objects as unknown as Role[])
          .filter(
            ({ kind, metadata }) => /Role$/.test(kind) && roles.some((role) => metadata.name.endsWith(role)),
          )
          .flatMap(({ rules }) => rules)
          .flatMap((rule) =>
            rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}`)),
          ),
      );
      const used = new Set(
        world.requests().map(({ verb, kind }) => {
          const plural =
            kind === 'Ingress' ? 'ingresses' : kind === 'Canary' ? 'canaries' : `${kind.toLowerCase()}s`;
          return `${verbs[verb] ?? verb} ${plural}${verb === 'updateStatus' ? '/status' : ''}`;
        }),
      );
      expect([...used].filter((request) => !granted.has(request))).toEqual([]);
      expect([...granted].filter((right) => !used.has(right) && !Object.hasOwn(seldom, right))).toEqual([]);
    },
  );

  it('tells nothing of a Secret: not in logs, events, the status, nor in a card', async () => {
    const { good, bad, world } = await releases(stack());
    expect([good.outcome, bad.outcome]).toEqual(['promoted', 'rolledBack']);
    const cards = world.alerts().map(({ host, body }) => ({ host, body }));
    expect(cards.length).toBeGreaterThan(0);
    const token = await world.cluster.get(Secrets, {
      namespace: 'perch-system',
      name: 'perch-loadtester-token',
    });
    const secrets = [marker, Buffer.from(token.data?.token ?? '', 'base64').toString()];
    expect(secrets[1]).toHaveLength(64);
    const canaries = await world.cluster.list(Canaries);
    const told = JSON.stringify([world.log.records, world.events(), cards, canaries, good, bad]);
    for (const secret of secrets) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });
});
