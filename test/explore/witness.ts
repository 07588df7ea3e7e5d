import { Canaries } from '../../lib/api/canary.js';
import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import {
  type ConfigMap,
  ConfigMaps,
  type DaemonSet,
  type Deployment,
  Ingresses,
  Services,
  type Workload,
} from '../../lib/api/workloads.js';
import { httpRoutes } from '../../lib/routers/gateway-api/kinds.js';
import type { World } from '../../lib/sim/world.js';
import { host, namespace } from '../sim/podinfo.js';
import { rawWeights } from './rawWeights.js';
import type { Scenario } from './scenarios.js';
import { targetKind } from './stack.js';
import type { Change, Check, Routed, Stand, Traffic } from './trace.js';

const key = (name: string) => ({ namespace, name });

export function tagOf(workload: Workload | undefined): string {
  return workload?.spec.template.spec.containers[0]?.image?.split(':').at(-1) ?? '';
}

/** Somebody who sees everything that happens in the world, at once and without any fault. */
export class Witness {
  readonly stands: Stand[] = [];
  readonly traffic: Traffic[] = [];
  readonly routes: Routed[] = [];
  readonly checks: Check[] = [];
  readonly targets: Change[] = [];
  readonly primaries: Change[] = [];
  deleted = false;
  private order = 0;
  private stale = false;
  private readonly end = new AbortController();

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
  ) {
    void this.follow(Canaries, ({ status = {} }, gone) => {
      if (gone) this.deleted = true;
      else if (JSON.stringify(status) !== JSON.stringify(this.stands.at(-1)?.status))
        this.stands.push({ ...this.now(), status });
    });
    void this.follow(targetKind(scenario), (workload) => {
      const { name } = workload.metadata;
      const list = name === 'podinfo' ? this.targets : name === 'podinfo-primary' ? this.primaries : [];
      const tag = tagOf(workload);
      if (list.at(-1)?.tag !== tag) list.push({ ...this.now(), tag });
      this.stale = true;
    });
    for (const kind of [Services, Ingresses, httpRoutes('v1')] as readonly Kind[]) {
      void this.follow(kind, (object, gone) => {
        this.stale = true;
        this.noteWeights(object, gone);
      });
    }
  }

  /** Without its object a canary gets nothing. */
  private noteWeights(object: KubeObject, gone: boolean): void {
    const raw = rawWeights(object);
    if (!raw) return;
    const { primary, canary } = gone ? { primary: 100, canary: 0 } : raw;
    const last = this.routes.at(-1);
    if (last?.primary === primary && last.canary === canary) return;
    this.routes.push({ ...this.now(), primary, canary });
  }

  checked(tag: string, good: boolean): void {
    this.checks.push({ ...this.now(), tag, good });
  }

  /** Looks where users go, if that may have changed. */
  look(): void {
    if (!this.stale) return;
    this.stale = false;
    const shares = this.world.route({ host, path: '/' }).map(({ share, pods }) => ({
      share,
      pods: pods.length,
      tags: [...new Set(pods.map(({ image }) => image.split(':').at(-1) ?? ''))],
    }));
    const [target, primary] = ['podinfo', 'podinfo-primary'].map((name) => podsOf(this.read(name)));
    const ready = (target?.ready ?? 0) + (primary?.ready ?? 0);
    const primaryServes = primary?.rolledOut === true;
    this.traffic.push({ ...this.now(), shares, ready, primaryServes });
  }

  get primaryConfig(): string | undefined {
    if (!this.scenario.changesConfig) return undefined;
    return this.world.read<ConfigMap>(ConfigMaps, key('settings-primary'))?.data?.version;
  }

  private read(name: string): Workload | undefined {
    return this.world.read(targetKind(this.scenario), key(name));
  }

  leave(): void {
    this.end.abort();
  }

  private now() {
    return { order: this.order++, at: this.world.clock.now() };
  }

  /** Watches are cut in some schedules: goes on where it was. */
  private async follow<T extends KubeObject>(
    kind: Kind<T>,
    see: (object: T, gone: boolean) => void,
  ): Promise<void> {
    const { signal } = this.end;
    const listed = await this.world.cluster.list(kind, { namespace });
    for (const object of listed.items) see(object, false);
    let { resourceVersion } = listed;
    while (!signal.aborted) {
      await this.world.cluster.watch(kind, { namespace, resourceVersion, signal }, (event) => {
        if (event.type === 'BOOKMARK') return;
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        see(event.object, event.type === 'DELETED');
      });
    }
  }
}

function podsOf(workload: Workload | undefined): { readonly ready: number; readonly rolledOut: boolean } {
  const { observedGeneration = 0 } = (workload?.status ?? {}) as { observedGeneration?: number };
  const seen = workload !== undefined && observedGeneration >= (workload.metadata.generation ?? 0);
  if (workload?.kind === 'DaemonSet') {
    const { status = {} } = workload as DaemonSet;
    const {
      desiredNumberScheduled: wanted = 0,
      updatedNumberScheduled: updated = 0,
      numberReady: ready = 0,
    } = status;
    return { ready, rolledOut: seen && updated >= wanted && ready >= wanted };
  }
  const { spec, status = {} } = (workload ?? { spec: {} }) as Deployment;
  const { replicas = 0, updatedReplicas = 0, readyReplicas: ready = 0 } = status;
  const wanted = spec.replicas ?? 0;
  return {
    ready,
    rolledOut: seen && updatedReplicas >= wanted && replicas === updatedReplicas && ready >= wanted,
  };
}
