import { defineKind, type KubeObject } from '../../../lib/api/kinds.js';
import { type ConfigMap, ConfigMaps, type Deployment } from '../../../lib/api/workloads.js';
import { ApiError, type Cluster, type ObjectKey, type WatchEvent } from '../../../lib/ports/cluster.js';
import { Definitions } from '../../clusterKinds.js';

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

export const Gadgets = defineKind<Gadget>('conformance.perch.dev', 'v1', 'Gadget', 'gadgets');

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

/** As a newer version of the definition has it: another field, and another bound. */
const upgradedDefinition = structuredClone(gadgetDefinition);
Object.assign(upgradedDefinition.spec.versions[0]!.schema.openAPIV3Schema.properties.spec.properties, {
  wings: { type: 'boolean' },
  size: { type: 'integer', minimum: 1, maximum: 9 },
});

/** The ApiError that the attempt ends with; anything else fails the test. */
export async function refusal(attempt: Promise<unknown>): Promise<ApiError> {
  const outcome = await attempt.then(
    () => new Error('the server accepted it'),
    (error: unknown) => error,
  );
  if (outcome instanceof ApiError) return outcome;
  throw outcome;
}

/** What a watch told of ConfigMaps, without what the cluster itself puts into each namespace. */
export function summary(events: readonly WatchEvent<ConfigMap>[]): string[] {
  return events.flatMap((event) =>
    event.type === 'BOOKMARK' || event.object.metadata.name === 'kube-root-ca.crt'
      ? []
      : [`${event.type} ${event.object.metadata.name} ${event.object.data?.n ?? ''}`.trim()],
  );
}

/** The cluster of the test that runs, and objects to put into it. */
export class ClusterBed {
  private current: ClusterUnderTest | undefined;

  use(current: ClusterUnderTest): void {
    this.current = current;
  }

  get test(): ClusterUnderTest {
    if (!this.current) throw new Error('no test is running');
    return this.current;
  }

  get cluster(): Cluster {
    return this.test.cluster;
  }

  get namespace(): string {
    return this.test.namespace;
  }

  eventually(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    return this.test.eventually(condition, timeoutMs);
  }

  key(name: string): ObjectKey {
    return { namespace: this.namespace, name };
  }

  configMap(name: string, data: Record<string, string> = {}): ConfigMap {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: this.namespace }, data };
  }

  deployment(name: string): Deployment {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: this.namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [{ name: 'app', image: 'example.com/app:1.0', ports: [{ containerPort: 80 }] }],
          },
        },
      },
    };
  }

  gadget(name: string, spec: Record<string, unknown>): Gadget {
    return {
      apiVersion: 'conformance.perch.dev/v1',
      kind: 'Gadget',
      metadata: { name, namespace: this.namespace },
      spec: spec as Gadget['spec'],
    };
  }

  /** Defines the kind Gadget, if it is not defined yet. */
  async serveGadgets(): Promise<void> {
    await this.cluster.apply(Definitions, structuredClone(gadgetDefinition) as KubeObject, {
      fieldManager: 'conformance',
      force: true,
    });
    await this.eventually(
      () =>
        this.cluster.list(Gadgets, { namespace: this.namespace }).then(
          () => true,
          () => false,
        ),
      30_000,
    );
  }

  /** Upgrades the definition of Gadgets until the end of `act`, which may meet the old one for a moment. */
  async withUpgradedGadgets(act: () => Promise<void>): Promise<void> {
    const define = (definition: object) =>
      this.cluster.apply(Definitions, structuredClone(definition) as KubeObject, {
        fieldManager: 'conformance',
        force: true,
      });
    await define(upgradedDefinition);
    try {
      await act();
    } finally {
      await define(gadgetDefinition);
    }
  }

  watchConfigMaps(
    resourceVersion: string,
    only: { name?: string } = {},
  ): {
    events: WatchEvent<ConfigMap>[];
    ended: Promise<unknown>;
    stop: () => void;
  } {
    const events: WatchEvent<ConfigMap>[] = [];
    const abort = new AbortController();
    const options = { namespace: this.namespace, resourceVersion, signal: abort.signal, ...only };
    const ended = this.cluster
      .watch(ConfigMaps, options, (event) => events.push(event))
      .catch((error: unknown) => error);
    return { events, ended, stop: () => abort.abort() };
  }
}
