import type { Canary } from '../../../api/canary.js';
import { PerchError } from '../../../api/errors.js';
import type { Kind } from '../../../api/kinds.js';
import type { PodTemplate, Secret } from '../../../api/workloads.js';
import type { ObjectKey } from '../../../ports/cluster.js';
import type { Objects } from '../../../ports/objects.js';
import { sameJson } from '../../sameJson.js';
import { configChecksum } from './checksum.js';
import { type Config, configKinds, writeCopy } from './copies.js';
import { type ConfigReference, configReferences, trackedName } from './references.js';

export interface ConfigTrackerOptions {
  /** `-enable-config-tracking`. */
  readonly enabled: boolean;
  readonly objects: Objects;
  /** Starts watching an object, of which the caches keep the metadata alone. */
  readonly ensure: (kind: Kind, key: ObjectKey) => Promise<void>;
  /** Told what a canary's pods name, so that a change of it wakes the canary. */
  readonly refer: (canary: Canary, configs: readonly ConfigReference[]) => void;
  readonly includeLabelPrefixes: readonly string[];
}

/** Checksums by `configmap/<name>` and `secret/<name>`. */
export type Checksums = Readonly<Record<string, string>>;

/** What was copied for a primary. */
export interface CopiedConfigs {
  readonly checksums: Checksums;
  /** Those of which there is a `-primary`. */
  readonly names: ReadonlySet<string>;
  readonly changed: boolean;
}

/** Knows what the ConfigMaps and Secrets of a pod template say, and copies them for the primary. */
export interface ConfigTracker {
  /**
   * What is there now; undefined when tracking is off. Costs one request for each that changed since it was last
   * asked. Throws a PerchError when one that is not optional is missing.
   */
  observe(canary: Canary, template: PodTemplate): Promise<Checksums | undefined>;
  /**
   * The `-primary` copies say what is there now; 'moved', with nothing written, when that is not what is `expected`.
   * Undefined when tracking is off.
   */
  copy(
    canary: Canary,
    template: PodTemplate,
    expected?: Checksums,
  ): Promise<CopiedConfigs | 'moved' | undefined>;
}

const ANNOTATION = 'flagger.app/config-tracking';
/** Types of Secrets that an application reads; all others are for the cluster's own use. */
const SECRET_TYPES = ['Opaque', 'kubernetes.io/basic-auth', 'kubernetes.io/ssh-auth', 'kubernetes.io/tls'];

export function createConfigTracker(options: ConfigTrackerOptions): ConfigTracker {
  const { enabled, objects } = options;
  const keyOf = (canary: Canary, name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  /** By what the cache holds of a config, hence by its version; undefined for one that is not tracked. */
  const known = new WeakMap<object, string | undefined>();

  const checksumOf = async (canary: Canary, reference: ConfigReference): Promise<string | undefined> => {
    const kind = configKinds[reference.kind];
    const key = keyOf(canary, reference.name);
    const cached = objects.read(kind, key);
    if (!cached) return ifMissing(canary, reference);
    if (known.has(cached)) return known.get(cached);
    const live = isTracked(cached) ? await objects.fetch(kind, key) : cached;
    if (!live) return ifMissing(canary, reference);
    const checksum = live === cached || !isTracked(live) ? undefined : configChecksum(live);
    const now = objects.read(kind, key);
    if (now?.metadata.resourceVersion === live.metadata.resourceVersion && now) known.set(now, checksum);
    return checksum;
  };

  return {
    async observe(canary, { spec }) {
      if (!enabled) return undefined;
      const references = configReferences(spec);
      options.refer(canary, references);
      await Promise.all(
        references.map(({ kind, name }) => options.ensure(configKinds[kind], keyOf(canary, name))),
      );
      const checksums = await Promise.all(references.map((reference) => checksumOf(canary, reference)));
      return named(references, checksums);
    },
    async copy(canary, { spec }, expected) {
      if (!enabled) return undefined;
      const references = configReferences(spec);
      const sources = await Promise.all(
        references.map(({ kind, name }) => objects.fetch(configKinds[kind], keyOf(canary, name))),
      );
      const tracked = sources.map((source) => (source && isTracked(source) ? source : undefined));
      const checksums = named(
        references,
        references.map((reference, at) => {
          if (!sources[at]) return ifMissing(canary, reference);
          return tracked[at] && configChecksum(tracked[at]);
        }),
      );
      if (expected && !sameJson(expected, checksums)) return 'moved';
      const names = new Set<string>();
      let changed = false;
      for (const [at, reference] of references.entries()) {
        const source = tracked[at];
        if (!source) continue;
        const kind = configKinds[reference.kind];
        changed = (await writeCopy(objects, canary, kind, source, options.includeLabelPrefixes)) || changed;
        names.add(trackedName(reference));
      }
      return { checksums, names, changed };
    },
  };
}

function named(
  references: readonly ConfigReference[],
  checksums: readonly (string | undefined)[],
): Checksums {
  const entries = references.map((reference, at) => [trackedName(reference), checksums[at]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Only objects read live say what type of Secret they are. */
function isTracked(config: Config): boolean {
  if (config.metadata.annotations?.[ANNOTATION]?.startsWith('disable')) return false;
  const { type } = config as Secret;
  return type === undefined || SECRET_TYPES.includes(type);
}

/**
 * One that may be missing counts as unchanged: what an API server forgets for a moment must start nothing. One that
 * may not be missing stops the release until it is there.
 */
function ifMissing(canary: Canary, reference: ConfigReference): string | undefined {
  if (reference.optional) return canary.status?.trackedConfigs?.[trackedName(reference)];
  const { kind, name } = reference;
  throw new PerchError({
    code: 'ENGINE_CONFIG_NOT_FOUND',
    message: `${kind} ${name}.${canary.metadata.namespace} get query error: ${kind}s "${name}" not found`,
    remedy: "create it, or mark the reference in the target's pod template as optional",
    path: 'spec.targetRef',
  });
}
