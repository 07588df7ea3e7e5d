import type { PodTemplate } from '../../../lib/api/workloads.js';
import { revisionOf } from '../../../lib/engine/targets/revision.js';
import fc from '../../property.js';

type Json = Record<string, unknown>;

const base = (image: string, probe: boolean): PodTemplate => ({
  metadata: { labels: { app: 'podinfo', restartPolicy: 'Always' }, annotations: { note: '' } },
  spec: {
    serviceAccountName: 'podinfo',
    containers: [
      {
        name: 'podinfod',
        image,
        ports: [{ name: 'http', containerPort: 9898 }],
        env: [
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
        ],
        ...(probe ? { readinessProbe: { httpGet: { port: 9898 } } } : {}),
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: 'podinfo' } },
      { name: 'keys', secret: { secretName: 'podinfo' } },
      { name: 'scratch' },
    ],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'podinfo' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
  },
});

/** What the API server fills in: where, by path, and with what. */
const defaults: readonly [string, unknown][] = [
  ['metadata.creationTimestamp', null],
  ['spec.restartPolicy', 'Always'],
  ['spec.dnsPolicy', 'ClusterFirst'],
  ['spec.schedulerName', 'default-scheduler'],
  ['spec.securityContext', {}],
  ['spec.terminationGracePeriodSeconds', 30],
  ['spec.serviceAccount', 'podinfo'],
  ['spec.initContainers', []],
  ['spec.containers.0.terminationMessagePath', '/dev/termination-log'],
  ['spec.containers.0.terminationMessagePolicy', 'File'],
  ['spec.containers.0.resources', {}],
  ['spec.containers.0.ports.0.protocol', 'TCP'],
  ['spec.containers.0.env.0.valueFrom.fieldRef.apiVersion', 'v1'],
  ['spec.containers.0.env.1.valueFrom.resourceFieldRef.divisor', '0'],
  ['spec.volumes.0.configMap.defaultMode', 420],
  ['spec.volumes.1.secret.defaultMode', 420],
  ['spec.volumes.2.emptyDir', {}],
];
const probeDefaults: readonly [string, unknown][] = [
  ['timeoutSeconds', 1],
  ['periodSeconds', 10],
  ['successThreshold', 1],
  ['failureThreshold', 3],
  ['httpGet.scheme', 'HTTP'],
  ['httpGet.path', '/'],
].map(([path, value]) => [`spec.containers.0.readinessProbe.${path}`, value] as [string, unknown]);

function at(template: unknown, path: string): { parent: Json; key: string } {
  const steps = path.split('.');
  const key = steps.pop()!;
  return { parent: steps.reduce((value, step) => value[step] as Json, template as Json), key };
}

function withFields(template: PodTemplate, fields: readonly (readonly [string, unknown])[]): PodTemplate {
  const copy = structuredClone(template);
  for (const [path, value] of fields) {
    const { parent, key } = at(copy, path);
    parent[key] = value;
  }
  return copy;
}

/** Paths of all scalars. */
function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path ? `${path}.${key}` : key));
}

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item)]),
  );
}

describe('the revision of a pod template', () => {
  it('is p1: and 16 hex digits', () => {
    expect(revisionOf(base('podinfo:1', false))).toMatch(/^p1:[0-9a-f]{16}$/);
  });

  it('is the same whichever server defaults are filled in, and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.subarray([...defaults]),
        fc.subarray([...probeDefaults]),
        (probe, some, more) => {
          const template = base('podinfo:1', probe);
          const filled = withFields(template, probe ? [...some, ...more] : some);
          expect(revisionOf(shuffled(filled) as PodTemplate)).toBe(revisionOf(template));
        },
      ),
    );
  });

  it('is another when any value is another', () => {
    const template = withFields(base('podinfo:1', true), [...defaults, ...probeDefaults]);
    const paths = leaves(template).filter(
      (path) => !path.endsWith('creationTimestamp') && path !== 'spec.serviceAccount',
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        const { parent, key } = at(template, path);
        const changed = typeof parent[key] === 'number' ? Number(parent[key]) + 1 : `${parent[key]}x`;
        expect(revisionOf(withFields(template, [[path, changed]]))).not.toBe(revisionOf(template));
      }),
    );
  });

  it.each([
    ['podinfo', 'Always', 'IfNotPresent'],
    ['podinfo:latest', 'Always', 'Never'],
    ['podinfo:1', 'IfNotPresent', 'Always'],
    ['registry:5000/podinfo', 'Always', 'IfNotPresent'],
    ['registry:5000/podinfo:1', 'IfNotPresent', 'Always'],
    ['podinfo@sha256:0123', 'IfNotPresent', 'Always'],
  ])('of image %s takes pull policy %s for the default and %s for a change', (image, same, other) => {
    const template = base(image, false);
    const path = 'spec.containers.0.imagePullPolicy';
    expect(revisionOf(withFields(template, [[path, same]]))).toBe(revisionOf(template));
    expect(revisionOf(withFields(template, [[path, other]]))).not.toBe(revisionOf(template));
  });

  it('tells an empty label selector, which selects all, from none', () => {
    const term = 'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0';
    const template = base('podinfo:1', false);
    const all = withFields(template, [[`${term}.namespaceSelector`, {}]]);
    expect(revisionOf(all)).not.toBe(revisionOf(template));
  });

  it('on the host’s network takes a host port that repeats the container’s for none', () => {
    const template = withFields(base('podinfo:1', false), [['spec.hostNetwork', true]]);
    const port = 'spec.containers.0.ports.0.hostPort';
    expect(revisionOf(withFields(template, [[port, 9898]]))).toBe(revisionOf(template));
    expect(revisionOf(withFields(template, [[port, 80]]))).not.toBe(revisionOf(template));
  });

  it('changes with a restart by kubectl', () => {
    const template = base('podinfo:1', false);
    const restarted = withFields(template, [
      ['metadata.annotations', { 'kubectl.kubernetes.io/restartedAt': 'now' }],
    ]);
    expect(revisionOf(restarted)).not.toBe(revisionOf(template));
  });
});
