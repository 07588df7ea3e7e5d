import { defineKind, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import {
  type ConfigMap,
  ConfigMaps,
  type Deployment,
  Deployments,
  type Service,
  Services,
} from '../../lib/api/workloads.js';
import { ApiError, type Cluster, type WatchEvent } from '../../lib/ports/cluster.js';

/** A cluster to try, with a namespace of its own that is empty. */
export interface ClusterUnderTest {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Lets time pass until the condition holds; rejects when it never does. */
  eventually(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void>;
  /** Makes the server forget its history; absent where nobody can. */
  compact?(): Promise<void>;
  dispose(): Promise<void>;
}

interface Gadget extends KubeObject {
  spec: { size?: number; color?: string; note?: string };
  status?: { state?: string };
}

const Gadgets = defineKind<Gadget>('conformance.perch.dev', 'v1', 'Gadget', 'gadgets');
const Definitions: Kind = defineKind(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);

const gadgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.conformance.perch.dev' },
  spec: {
    group: 'conformance.perch.dev',
    scope: 'Namespaced',
    names: { kind: 'Gadget', listKind: 'GadgetList', plural: 'gadgets', singular: 'gadget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1 },
                  color: { type: 'string', default: 'grey' },
                  note: { type: 'string', maxLength: 5 },
                },
              },
              status: { type: 'object', properties: { state: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};

async function refusal(attempt: Promise<unknown>): Promise<ApiError> {
  const outcome = await attempt.then(
    () => new Error('the server accepted it'),
    (error: unknown) => error,
  );
  if (outcome instanceof ApiError) return outcome;
  throw outcome;
}

/** Behaviours of ports.Cluster that the engine relies on; the virtual and the real API server show them alike. */
export function clusterConformance(name: string, makeCluster: () => Promise<ClusterUnderTest>): void {
  describe(`${name} behaves as a Kubernetes API server`, () => {
    let bed: ClusterUnderTest;
    let cluster: Cluster;
    let namespace: string;

    beforeEach(async () => {
      bed = await makeCluster();
      ({ cluster, namespace } = bed);
    });
    afterEach(() => bed.dispose());

    const key = (objectName: string) => ({ namespace, name: objectName });
    const configMap = (objectName: string, data: Record<string, string> = {}): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: objectName, namespace },
      data,
    });
    const deployment = (objectName: string): Deployment => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: objectName, namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: objectName } },
        template: {
          metadata: { labels: { app: objectName } },
          spec: {
            containers: [{ name: 'app', image: 'example.com/app:1.0', ports: [{ containerPort: 80 }] }],
          },
        },
      },
    });
    const gadget = (objectName: string, spec: Record<string, unknown>): Gadget => ({
      apiVersion: 'conformance.perch.dev/v1',
      kind: 'Gadget',
      metadata: { name: objectName, namespace },
      spec: spec as Gadget['spec'],
    });

    function watchConfigMaps(resourceVersion: string): {
      events: WatchEvent<ConfigMap>[];
      ended: Promise<unknown>;
      stop: () => void;
    } {
      const events: WatchEvent<ConfigMap>[] = [];
      const abort = new AbortController();
      const ended = cluster
        .watch(ConfigMaps, { namespace, resourceVersion, signal: abort.signal }, (event) =>
          events.push(event),
        )
        .catch((error: unknown) => error);
      return { events, ended, stop: () => abort.abort() };
    }

    async function serveGadgets(): Promise<void> {
      await cluster.apply(Definitions, structuredClone(gadgetDefinition) as KubeObject, {
        fieldManager: 'conformance',
        force: true,
      });
      await bed.eventually(
        () =>
          cluster.list(Gadgets, { namespace }).then(
            () => true,
            () => false,
          ),
        30_000,
      );
    }

    const summary = (events: readonly WatchEvent<ConfigMap>[]) =>
      events.flatMap((event) =>
        event.type === 'BOOKMARK' || event.object.metadata.name === 'kube-root-ca.crt'
          ? []
          : [`${event.type} ${event.object.metadata.name} ${event.object.data?.n ?? ''}`.trim()],
      );

    describe('identity', () => {
      it('gives a new object a uid, a version and a time', async () => {
        const { metadata } = await cluster.create(ConfigMaps, configMap('born'));
        expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
        expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
        expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      });

      it('refuses a second object of the same name with 409 AlreadyExists', async () => {
        await cluster.create(ConfigMaps, configMap('twice'));
        const error = await refusal(cluster.create(ConfigMaps, configMap('twice')));
        expect(error).toMatchObject({
          status: 409,
          reason: 'AlreadyExists',
          message: 'configmaps "twice" already exists',
        });
      });

      it('answers 404 for what is not there', async () => {
        const error = await refusal(cluster.get(Deployments, key('nobody')));
        expect(error).toMatchObject({
          status: 404,
          reason: 'NotFound',
          message: 'deployments.apps "nobody" not found',
        });
      });

      it('refuses an object in a namespace that does not exist', async () => {
        const stray = { ...configMap('stray'), metadata: { name: 'stray', namespace: 'no-such-namespace' } };
        const error = await refusal(cluster.create(ConfigMaps, stray));
        expect(error).toMatchObject({ status: 404, message: 'namespaces "no-such-namespace" not found' });
      });

      it('refuses a name that is no DNS name', async () => {
        expect((await refusal(cluster.create(ConfigMaps, configMap('Not_A_Name')))).status).toBe(422);
      });
    });

    describe('optimistic locking', () => {
      it('refuses a PUT that was made from an old version', async () => {
        const first = await cluster.create(ConfigMaps, configMap('locked', { n: '1' }));
        await cluster.update(ConfigMaps, { ...first, data: { n: '2' } });
        const error = await refusal(cluster.update(ConfigMaps, { ...first, data: { n: '3' } }));
        expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
        expect(error.message).toContain('the object has been modified');
        expect((await cluster.get(ConfigMaps, key('locked'))).data).toEqual({ n: '2' });
      });

      it('takes a PUT without a version', async () => {
        await cluster.create(ConfigMaps, configMap('unlocked', { n: '1' }));
        expect((await cluster.update(ConfigMaps, configMap('unlocked', { n: '2' }))).data).toEqual({
          n: '2',
        });
      });

      it('refuses a patch that names an old version', async () => {
        const first = await cluster.create(ConfigMaps, configMap('patched', { n: '1' }));
        await cluster.patch(ConfigMaps, key('patched'), 'merge', { data: { n: '2' } });
        const stale = { metadata: { resourceVersion: first.metadata.resourceVersion }, data: { n: '3' } };
        expect((await refusal(cluster.patch(ConfigMaps, key('patched'), 'merge', stale))).status).toBe(409);
      });

      it('keeps the version when a write changes nothing', async () => {
        const first = await cluster.create(ConfigMaps, configMap('same', { n: '1' }));
        const second = await cluster.patch(ConfigMaps, key('same'), 'merge', { data: { n: '1' } });
        expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      });
    });

    describe('patches', () => {
      it('removes by null in a merge patch', async () => {
        await cluster.create(ConfigMaps, configMap('merge', { a: '1', b: '2' }));
        const patched = await cluster.patch(ConfigMaps, key('merge'), 'merge', { data: { a: null, c: '3' } });
        expect(patched.data).toEqual({ b: '2', c: '3' });
      });

      it('performs the operations of a JSON patch in order, or none', async () => {
        await cluster.create(ConfigMaps, configMap('json', { a: '1' }));
        const patched = await cluster.patch(ConfigMaps, key('json'), 'json', [
          { op: 'test', path: '/data/a', value: '1' },
          { op: 'replace', path: '/data/a', value: '2' },
          { op: 'add', path: '/data/b~1c', value: '3' },
        ]);
        expect(patched.data).toEqual({ a: '2', 'b/c': '3' });
        const failing = [
          { op: 'replace', path: '/data/a', value: '9' },
          { op: 'test', path: '/data/a', value: 'x' },
        ];
        await refusal(cluster.patch(ConfigMaps, key('json'), 'json', failing));
        expect((await cluster.get(ConfigMaps, key('json'))).data?.a).toBe('2');
      });
    });

    describe('generation and status', () => {
      it('counts changes of the spec only', async () => {
        const created = await cluster.create(Deployments, deployment('counted'));
        expect(created.metadata.generation).toBe(1);
        const labelled = await cluster.patch(Deployments, key('counted'), 'merge', {
          metadata: { labels: { x: 'y' } },
        });
        expect(labelled.metadata.generation).toBe(1);
        const changed = await cluster.patch(Deployments, key('counted'), 'merge', { spec: { paused: true } });
        expect(changed.metadata.generation).toBe(2);
      });

      it('writes the status by its own path only', async () => {
        await serveGadgets();
        const created = await cluster.create(Gadgets, {
          ...gadget('split', { size: 1 }),
          status: { state: 'lost' },
        });
        expect(created.status).toBeUndefined();
        const reported = await cluster.updateStatus(Gadgets, {
          ...created,
          spec: { size: 99 },
          status: { state: 'up' },
        });
        expect(reported).toMatchObject({
          spec: { size: 1 },
          status: { state: 'up' },
          metadata: { generation: 1 },
        });
        const respecified = await cluster.update(Gadgets, {
          ...reported,
          spec: { size: 2 },
          status: { state: 'down' },
        });
        expect(respecified).toMatchObject({
          spec: { size: 2 },
          status: { state: 'up' },
          metadata: { generation: 2 },
        });
      });

      it('locks the status by the version of the whole object', async () => {
        await serveGadgets();
        const created = await cluster.create(Gadgets, gadget('raced', { size: 1 }));
        await cluster.update(Gadgets, { ...created, spec: { size: 2 } });
        expect(
          (await refusal(cluster.updateStatus(Gadgets, { ...created, status: { state: 'up' } }))).status,
        ).toBe(409);
      });
    });

    describe('watch', () => {
      it('tells what happened after the version it was given, in order', async () => {
        await cluster.create(ConfigMaps, configMap('before'));
        const { resourceVersion } = await cluster.list(ConfigMaps, { namespace });
        await cluster.create(ConfigMaps, configMap('seen', { n: '1' }));
        const { events, ended, stop } = watchConfigMaps(resourceVersion);
        await cluster.patch(ConfigMaps, key('seen'), 'merge', { data: { n: '2' } });
        await cluster.delete(ConfigMaps, key('seen'));
        await bed.eventually(() => summary(events).length >= 3, 10_000);
        expect(summary(events)).toEqual(['ADDED seen 1', 'MODIFIED seen 2', 'DELETED seen 2']);
        stop();
        await ended;
      });

      it('gives versions that only grow, the one of a deletion included', async () => {
        const { resourceVersion } = await cluster.list(ConfigMaps, { namespace });
        const { events, ended, stop } = watchConfigMaps(resourceVersion);
        await cluster.create(ConfigMaps, configMap('growing'));
        await cluster.delete(ConfigMaps, key('growing'));
        await bed.eventually(() => summary(events).length >= 2, 10_000);
        const versions = events.map((event) =>
          Number(event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion),
        );
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        expect(new Set(versions).size).toBe(versions.length);
        stop();
        await ended;
      });

      it('says by a bookmark how far it has come', async () => {
        const { resourceVersion } = await cluster.list(ConfigMaps, { namespace });
        const { events, ended, stop } = watchConfigMaps(resourceVersion);
        const { metadata } = await cluster.create(Services, {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'elsewhere', namespace },
          spec: { ports: [{ port: 80 }] },
        });
        const reached = () =>
          events.some(
            (event) =>
              event.type === 'BOOKMARK' &&
              BigInt(event.resourceVersion) >= BigInt(metadata.resourceVersion ?? ''),
          );
        await bed.eventually(reached, 130_000);
        expect(reached()).toBe(true);
        stop();
        await ended;
      }, 140_000);

      it('refuses a version that it has forgotten with 410', async () => {
        if (!bed.compact) return;
        const { resourceVersion } = await cluster.list(ConfigMaps, { namespace });
        await cluster.create(ConfigMaps, configMap('later'));
        await bed.compact();
        const { ended } = watchConfigMaps(resourceVersion);
        expect(await ended).toMatchObject({ status: 410, reason: 'Expired' });
      });

      it('resolves when it is aborted', async () => {
        const { resourceVersion } = await cluster.list(ConfigMaps, { namespace });
        const { ended, stop } = watchConfigMaps(resourceVersion);
        stop();
        expect(await ended).toBeUndefined();
      });

      it('shows no data when only metadata is asked for', async () => {
        await cluster.create(ConfigMaps, configMap('hidden', { password: 'x' }));
        const { items } = await cluster.list(ConfigMaps, { namespace, metadataOnly: true });
        const found = items.find(({ metadata }) => metadata.name === 'hidden');
        expect(found?.metadata.uid).toBeDefined();
        expect(found?.data).toBeUndefined();
      });
    });

    describe('server-side apply', () => {
      const apply = (object: ConfigMap, fieldManager: string, force = false) =>
        cluster.apply(ConfigMaps, object, { fieldManager, force });

      it('creates, and changes nothing when repeated', async () => {
        const first = await apply(configMap('applied', { a: '1' }), 'alice');
        const again = await apply(configMap('applied', { a: '1' }), 'alice');
        expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      });

      it('keeps what others own, and removes what its owner no longer sends', async () => {
        await apply(configMap('shared', { a: '1', b: '1' }), 'alice');
        await apply(configMap('shared', { c: '1' }), 'bob');
        expect((await apply(configMap('shared', { a: '1' }), 'alice')).data).toEqual({ a: '1', c: '1' });
      });

      it('refuses to overwrite what somebody else owns, unless forced', async () => {
        await apply(configMap('fought', { a: '1' }), 'alice');
        const error = await refusal(apply(configMap('fought', { a: '2' }), 'bob'));
        expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
        expect(error.message).toContain('conflict with "alice"');
        expect(error.message).toContain('.data.a');
        expect((await apply(configMap('fought', { a: '2' }), 'bob', true)).data).toEqual({ a: '2' });
      });

      it('shares a field on which both agree', async () => {
        await apply(configMap('agreed', { a: '1' }), 'alice');
        await apply(configMap('agreed', { a: '1' }), 'bob');
        expect((await apply(configMap('agreed', {}), 'alice')).data).toEqual({ a: '1' });
      });

      it('respects what a plain write has changed', async () => {
        await apply(configMap('edited', { a: '1' }), 'alice');
        await cluster.patch(ConfigMaps, key('edited'), 'merge', { data: { a: '2' } });
        expect((await refusal(apply(configMap('edited', { a: '1' }), 'alice'))).status).toBe(409);
      });

      it('merges containers by name', async () => {
        await cluster.apply(Deployments, deployment('merged'), { fieldManager: 'alice' });
        const sidecar = deployment('merged');
        sidecar.spec.template.spec.containers = [{ name: 'sidecar', image: 'example.com/sidecar:1' }];
        const merged = await cluster.apply(Deployments, sidecar, { fieldManager: 'bob' });
        expect(merged.spec.template.spec.containers.map(({ name: container }) => container)).toEqual([
          'app',
          'sidecar',
        ]);
      });
    });

    describe('defaults and validation', () => {
      it('fills in what a Deployment leaves out', async () => {
        const { spec } = await cluster.create(Deployments, deployment('filled'));
        expect(spec).toMatchObject({
          progressDeadlineSeconds: 600,
          revisionHistoryLimit: 10,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
          template: {
            spec: {
              restartPolicy: 'Always',
              dnsPolicy: 'ClusterFirst',
              terminationGracePeriodSeconds: 30,
              containers: [
                {
                  imagePullPolicy: 'IfNotPresent',
                  terminationMessagePolicy: 'File',
                  ports: [{ protocol: 'TCP' }],
                },
              ],
            },
          },
        });
      });

      it('gives a Service an address that it keeps over a PUT', async () => {
        const service: Service = {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'addressed', namespace },
          spec: { ports: [{ port: 80 }], selector: { app: 'x' } },
        };
        const created = await cluster.create(Services, service);
        expect(created.spec).toMatchObject({
          type: 'ClusterIP',
          ports: [{ protocol: 'TCP', targetPort: 80 }],
        });
        expect(created.spec.clusterIP).toMatch(/^[0-9a-f.:]+$/);
        const updated = await cluster.update(Services, {
          ...service,
          spec: { ...service.spec, selector: { app: 'y' } },
        });
        expect(updated.spec.clusterIP).toBe(created.spec.clusterIP);
      });

      it('refuses a Deployment whose selector misses its pods', async () => {
        const wrong = deployment('wrong');
        wrong.spec.template.metadata = { labels: { app: 'other' } };
        const error = await refusal(cluster.create(Deployments, wrong));
        expect(error).toMatchObject({ status: 422, reason: 'Invalid' });
        expect(error.message).toContain('`selector` does not match template `labels`');
      });

      it('refuses to change the selector of a Deployment', async () => {
        await cluster.create(Deployments, deployment('fixed'));
        const patch = {
          spec: {
            selector: { matchLabels: { app: 'new' } },
            template: { metadata: { labels: { app: 'new' } } },
          },
        };
        const error = await refusal(cluster.patch(Deployments, key('fixed'), 'merge', patch));
        expect(error.status).toBe(422);
        expect(error.message).toContain('field is immutable');
      });
    });

    describe('custom kinds', () => {
      it('prunes what the schema does not name, and fills in its defaults', async () => {
        await serveGadgets();
        const created = await cluster.create(Gadgets, gadget('pruned', { size: 1, wings: true }));
        expect(created.spec).toEqual({ size: 1, color: 'grey' });
      });

      it('refuses what the schema forbids, naming the field', async () => {
        await serveGadgets();
        const error = await refusal(
          cluster.create(Gadgets, gadget('small', { size: 0, note: 'far too long' })),
        );
        expect(error).toMatchObject({ status: 422, reason: 'Invalid' });
        expect(error.message).toContain('Gadget.conformance.perch.dev "small" is invalid');
        expect(error.message).toContain('spec.size');
        expect(error.message).toContain('spec.note');
        expect((await refusal(cluster.create(Gadgets, gadget('sizeless', {})))).message).toContain(
          'spec.size',
        );
      });

      it('refuses a PUT without a version', async () => {
        await serveGadgets();
        await cluster.create(Gadgets, gadget('versioned', { size: 1 }));
        const error = await refusal(cluster.update(Gadgets, gadget('versioned', { size: 2 })));
        expect(error.status).toBe(422);
        expect(error.message).toContain('must be specified for an update');
      });

      it('answers 404 for a kind that nobody defined', async () => {
        const Unknown = defineKind('conformance.perch.dev', 'v1', 'Widget', 'widgets');
        const error = await refusal(cluster.list(Unknown, { namespace }));
        expect(error.status).toBe(404);
      });
    });

    describe('deletion', () => {
      it('collects what its owner leaves behind', async () => {
        const { metadata } = await cluster.create(ConfigMaps, configMap('owner'));
        const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid! }];
        const owned = configMap('owned');
        await cluster.create(ConfigMaps, { ...owned, metadata: { ...owned.metadata, ownerReferences } });
        await cluster.delete(ConfigMaps, key('owner'));
        await bed.eventually(
          () =>
            cluster.get(ConfigMaps, key('owned')).then(
              () => false,
              (error: unknown) => error instanceof ApiError && error.status === 404,
            ),
          60_000,
        );
      }, 70_000);

      it('waits for the finalizers', async () => {
        const held = configMap('held');
        held.metadata.finalizers = ['conformance.perch.dev/hold'];
        await cluster.create(ConfigMaps, held);
        await cluster.delete(ConfigMaps, key('held'));
        expect((await cluster.get(ConfigMaps, key('held'))).metadata.deletionTimestamp).toBeDefined();
        await cluster.patch(ConfigMaps, key('held'), 'merge', { metadata: { finalizers: null } });
        expect((await refusal(cluster.get(ConfigMaps, key('held')))).status).toBe(404);
      });

      it('answers 404 for a second deletion', async () => {
        await cluster.create(ConfigMaps, configMap('gone'));
        await cluster.delete(ConfigMaps, key('gone'));
        expect((await refusal(cluster.delete(ConfigMaps, key('gone')))).status).toBe(404);
      });
    });
  });
}
