import type { Kubectl } from '../kubectl.ts';
import { until } from '../wait.ts';
import { place } from './place.ts';

const namespace = place.flagger;
/** As Flagger hashes a pod template; nobody else's hash is like it. */
const hash = '5498f4fcd6';

interface Created {
  metadata: { name: string; uid: string };
}

/** What a user has, and beside it what Flagger 1.44 has made of it: a canary that was released and is at rest. */
export async function leaveAsFlagger(kubectl: Kubectl): Promise<void> {
  const create = async (object: object) => {
    const how = ['create', '--field-manager=flagger', '-o', 'json', '-f', '-'];
    return JSON.parse(await kubectl(how, { input: JSON.stringify(object) })) as Created;
  };
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await create(installation);
  await create(deployment('web', 0, {}));
  const { metadata } = await create(canary);
  const owner = { apiVersion: canary.apiVersion, kind: 'Canary', name: 'web', uid: metadata.uid };
  const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
  const id = { 'flagger-id': '0e8fab0b-6c2a-4a3e-9d4b-6f0f6a1f2b55' };
  const primary = deployment('web-primary', 1, id);
  await create({ ...primary, metadata: { ...primary.metadata, ownerReferences } });
  for (const [name, app] of [
    ['web', 'web-primary'],
    ['web-primary', 'web-primary'],
    ['web-canary', 'web'],
  ]) {
    await create(service(name!, app!, ownerReferences));
  }
  const patch = JSON.stringify({ status });
  await kubectl([
    '-n',
    namespace,
    'patch',
    'canary/web',
    '--subresource=status',
    '--type=merge',
    '-p',
    patch,
  ]);
  await kubectl(['-n', namespace, 'rollout', 'status', 'deployment/web-primary', '--timeout=120s']);
}

/** The pods that serve, by name: whoever restarts one gives it another. */
export async function servingPods(kubectl: Kubectl): Promise<string> {
  const pods = ['-n', namespace, 'get', 'pods', '-l', 'app=web-primary', '-o', 'name'];
  return until('a pod of the primary', 60_000, async () => (await kubectl(pods)).trim() || false);
}

const image = 'ghcr.io/stefanprodan/podinfo:6.9.0';

/** Flagger itself, stopped: nobody else may lead. */
const installation = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'flagger', namespace },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'flagger' } },
    template: {
      metadata: { labels: { app: 'flagger' } },
      spec: {
        containers: [
          {
            name: 'flagger',
            image: 'ghcr.io/fluxcd/flagger:1.44.0',
            command: [
              './flagger',
              '-mesh-provider=kubernetes',
              `-metrics-server=http://prometheus.${place.system}:9090`,
              `-namespace=${namespace}`,
            ],
          },
        ],
      },
    },
  },
};

function deployment(name: string, replicas: number, annotations: Readonly<Record<string, string>>) {
  const labels = { app: name };
  const containers = [
    {
      name: 'web',
      image,
      command: ['./podinfo', '--port=9898'],
      ports: [{ name: 'http', containerPort: 9898 }],
      readinessProbe: { tcpSocket: { port: 9898 } },
    },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers } },
    },
  };
}

const canary = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: { name: 'web', namespace },
  spec: {
    provider: 'kubernetes',
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    service: { port: 80, targetPort: 9898 },
    analysis: { interval: '10s', threshold: 2, iterations: 2, metrics: [] },
  },
};

function service(name: string, app: string, ownerReferences: readonly object[]) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, ownerReferences },
    spec: {
      type: 'ClusterIP',
      selector: { app },
      ports: [{ name: 'http', port: 80, targetPort: 9898, protocol: 'TCP' }],
    },
  };
}

const at = '2026-01-01T00:00:00Z';
const status = {
  phase: 'Succeeded',
  canaryWeight: 0,
  failedChecks: 0,
  iterations: 0,
  lastAppliedSpec: hash,
  lastPromotedSpec: hash,
  lastTransitionTime: at,
  conditions: [
    {
      type: 'Promoted',
      status: 'True',
      reason: 'Succeeded',
      message: 'Canary analysis completed successfully, promotion finished.',
      lastUpdateTime: at,
      lastTransitionTime: at,
    },
  ],
};
