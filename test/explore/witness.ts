import { Canaries } from '../../lib/api/canary.js';
import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { type Deployment, Deployments, Ingresses, Services } from '../../lib/api/workloads.js';
import type { World } from '../../lib/sim/world.js';
import { host, namespace } from '../sim/podinfo.js';
import type { Change, Check, Stand, Traffic } from './trace.js';

const key = (name: string) => ({ namespace, name });

export function tagOf(deployment: Deployment | undefined): string {
  return deployment?.spec.template.spec.containers[0]?.image?.split(':').at(-1) ?? '';
}

/** Somebody who sees everything that happens in the world, at once and without any fault. */
export class Witness {
  readonly stands: Stand[] = [];
  readonly traffic: Traffic[] = [];
  readonly checks: Check[] = [];
  readonly targets: Change[] = [];
  readonly primaries: Change[] = [];
  deleted = false;
  private order = 0;
  private stale = false;
  private readonly end = new AbortController();

  constructor(private readonly world: World) {
    void this.follow(Canaries, ({ status = {} }, gone) => {
      if (gone) this.deleted = true;
      else if (JSON.stringify(status) !== JSON.stringify(this.stands.at(-1)?.status))
        this.stands.push({ ...this.now(), status });
    });
    void this.follow(Deployments, (deployment) => {
      const { name } = deployment.metadata;
      const list = name === 'podinfo' ? this.targets : name === 'podinfo-primary' ? this.primaries : [];
      const tag = tagOf(deployment);
      if (list.at(-1)?.tag !== tag) list.push({ ...this.now(), tag });
      this.stale = true;
    });
    for (const kind of [Services, Ingresses] as readonly Kind[]) {
      void this.follow(kind, () => {
        this.stale = true;
      });
    }
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
    const ready = ['podinfo', 'podinfo-primary'].reduce(
      (sum, name) => sum + (this.world.read(Deployments, key(name))?.status?.readyReplicas ?? 0),
      0,
    );
    this.traffic.push({ ...this.now(), shares, ready });
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
    let resourceVersion = '0';
    while (!signal.aborted) {
      await this.world.cluster.watch(kind, { namespace, resourceVersion, signal }, (event) => {
        if (event.type === 'BOOKMARK') return;
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        see(event.object, event.type === 'DELETED');
      });
    }
  }
}
