import type { Canary } from '../api/canary.js';
import type { KubeObject } from '../api/kinds.js';
import type { Problem } from '../api/validation/problem.js';
import { inspectManifest } from '../api/validation.js';
import { compareFields, type Deviation } from './deviations.js';
import { type FlaggerInstallation, findFlagger } from './flagger.js';
import { type BehaviourDeviation, parity } from './parity.js';

/** An object, and where it was read. */
export interface Sourced {
  readonly object: KubeObject;
  /** A file; undefined for what a cluster gave. */
  readonly source?: string;
}

/** Something that was read and is no Kubernetes object. */
export interface Unread {
  readonly source: string;
  readonly message: string;
  /** No YAML at all, as Helm's templates are; else something that is not for a cluster, such as a kustomization. */
  readonly broken: boolean;
}

/** What is to be said of one Canary, MetricTemplate or AlertProvider. */
export interface ObjectFinding {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly source?: string;
  /** Of a canary in a cluster. */
  readonly phase?: string;
  /** How many of its fields are the same. */
  readonly same: number;
  readonly deviations: readonly Deviation[];
  /** What differs of how its provider's routing objects are written. */
  readonly routing: readonly BehaviourDeviation[];
  readonly problems: readonly Problem[];
}

export interface MigrationReport {
  readonly flagger: readonly FlaggerInstallation[];
  readonly objects: readonly ObjectFinding[];
  readonly unread: readonly Unread[];
  /** What differs for every canary. */
  readonly behaviours: readonly BehaviourDeviation[];
}

const kinds = ['Canary', 'MetricTemplate', 'AlertProvider'];

/** What will be the same under perch, what deviates and why, and what is invalid. */
export function reportMigration(
  manifests: readonly Sourced[],
  unread: readonly Unread[],
  namespace: string,
): MigrationReport {
  const flagger = findFlagger(manifests.map(({ object }) => object));
  const [{ meshProvider } = { meshProvider: undefined }] = flagger;
  const found = manifests.filter(({ object }) => isFlaggers(object));
  const objects = found.map((manifest) => inspectObject(manifest, namespace, meshProvider));
  return { flagger, objects, unread, behaviours: parity.behaviours };
}

function isFlaggers({ apiVersion = '', kind = '' }: KubeObject): boolean {
  return apiVersion.startsWith('flagger.app/') && kinds.includes(kind);
}

function inspectObject(
  { object, source }: Sourced,
  fallback: string,
  meshProvider: string | undefined,
): ObjectFinding {
  const { kind = '', metadata } = object;
  const problems = inspectManifest(object);
  // What is no manifest of its kind cannot be compared field by field.
  const readable = !problems.some(({ code }) => code === 'API_INVALID_FIELD' || code === 'API_UNKNOWN_KIND');
  const { same, deviations } = readable ? compareFields(object) : { same: 0, deviations: [] };
  const { spec, status } = object as Partial<Canary>;
  const provider = kind === 'Canary' && readable ? (spec?.provider ?? meshProvider) : undefined;
  return {
    ...{ kind, namespace: metadata.namespace ?? fallback, name: metadata.name ?? '', source },
    ...(status?.phase && { phase: status.phase }),
    ...{ same, deviations, problems },
    routing: parity.routers
      .filter(({ providers }) => provider !== undefined && providers.includes(provider))
      .filter(({ flagger, perch }) => flagger !== '' && perch !== '')
      .map(({ flagger, perch }) => ({ flagger, perch })),
  };
}
