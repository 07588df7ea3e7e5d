import { JsonPatch } from 'cdk8s';
import { Deployment, Secret } from 'cdk8s-plus-27';
import { secretsNamedIn } from '../../lib/constructs/app/secretAccess.js';
import { Alert, CanaryApp, type CanaryAppProps, CanaryPlatform, CanaryRelease } from '../../lib/index.js';
import { createChart, find, synthesise, synthesiseApp } from './bench.js';

const env = { PASSWORD: { secretName: 'database', key: 'password' } };
const alerts = [Alert.teams({ webhookUrl: { secretName: 'teams' } })];
const readsOf = (name: string) => (rule: { resourceNames?: string[] }) => rule.resourceNames?.includes(name);

describe('rights to Secrets', () => {
  test('are given by name: what the pods name is watched and copied, what an alert names is read', () => {
    const manifests = synthesiseApp({ env, alerts });
    const { rules, metadata } = find(manifests, 'Role', 'web-perch-secrets');
    expect(metadata.namespace).toBe('shop');
    const verbs = (name: string) => rules.find(readsOf(name))?.verbs;
    expect(verbs('database')).toEqual(['get', 'list', 'watch']);
    expect(verbs('database-primary')).toEqual(['get', 'update']);
    expect(verbs('teams')).toEqual(['get']);
    expect(find(manifests, 'RoleBinding', 'web-perch-secrets').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'perch-controller', namespace: 'perch-system' },
    ]);
    const { args } = find(manifests, 'Deployment', 'perch-controller').spec.template.spec.containers[0];
    expect(args).toContain('-secrets-by-name=true');
  });

  test('are not given for what is not tracked', () => {
    const { rules } = find(
      synthesiseApp({ env, alerts }, { controller: { configTracking: false } }),
      'Role',
      'web-perch-secrets',
    );
    expect(rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['teams'], verbs: ['get'] },
    ]);
  });

  test('are the platform’s own where it may read all', () => {
    const manifests = synthesiseApp({ env, alerts }, { controller: { secrets: 'all' } });
    expect(manifests.filter(({ metadata }) => metadata.name === 'web-perch-secrets')).toEqual([]);
  });

  test('are given for what a Deployment of cdk8s-plus names', () => {
    const chart = createChart();
    const secret = Secret.fromSecretName(chart, 'secret', 'database');
    const container = { image: 'registry.example.com/web:1', portNumber: 8080 };
    const deployment = new Deployment(chart, 'web', { containers: [container], metadata: { name: 'web' } });
    deployment.containers[0]!.env.addVariable('PASSWORD', secret.envValue('password'));
    new CanaryRelease(chart, 'release', {
      platform: new CanaryPlatform(chart, 'platform'),
      deployment,
      host: 'web.example.com',
    });
    const { rules } = find(synthesise(chart), 'Role', 'web-perch-secrets');
    expect(rules.find(readsOf('database'))?.verbs).toContain('watch');
  });

  describe('of a Secret that the pods came to name later', () => {
    const problems = (props: Partial<CanaryAppProps>) => {
      const chart = createChart();
      const app = new CanaryApp(chart, 'web', {
        platform: new CanaryPlatform(chart, 'platform'),
        image: 'registry.example.com/web:1',
        port: 8080,
        host: 'web.example.com',
        ...props,
      });
      const envFrom = [{ secretRef: { name: 'late' } }];
      app.deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/envFrom', envFrom));
      return app.node.findAll().flatMap((child) => child.node.validate());
    };

    test('are missed at synth, with the remedy', () => {
      expect(problems({})).toEqual([
        expect.stringMatching(/got none called late\s+remedy: add 'late' to `secrets`/),
      ]);
    });

    test('are given when it is said', () => {
      expect(problems({ secrets: ['late'] })).toEqual([]);
    });
  });
});

test('Secrets are found in variables, envFrom, volumes and projections, and nothing else is taken for one', () => {
  const spec = {
    imagePullSecrets: [{ name: 'pull' }],
    volumes: [
      { secret: { secretName: 'volume' } },
      { projected: { sources: [{ secret: { name: 'projected' } }, { configMap: { name: 'map' } }] } },
    ],
    containers: [
      {
        name: 'secret',
        env: [{ name: 'secretRef', valueFrom: { secretKeyRef: { name: 'variable', key: 'a' } } }],
        envFrom: [{ secretRef: { name: 'bulk' } }, { configMapRef: { name: 'map' } }],
      },
    ],
  };
  expect(secretsNamedIn(spec).sort()).toEqual(['bulk', 'projected', 'variable', 'volume']);
});
