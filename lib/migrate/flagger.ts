import type { KubeObject } from '../api/kinds.js';
import { nearestName } from '../api/validation/spelling.js';
import { type Deployment, Deployments } from '../api/workloads.js';
import { parity } from './parity.js';

/** A flag of Flagger as it runs; never its value, which may be a secret. */
export interface FlagFinding {
  readonly flag: string;
  readonly status: string;
  readonly remarks: string;
}

/** Flagger's own Deployment. */
export interface FlaggerInstallation {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly flags: readonly FlagFinding[];
  /** `-mesh-provider` and `-metrics-server`, by Flagger's defaults where they are not given. */
  readonly meshProvider: string;
  readonly metricsServer: string;
  /** Flags that perch's controller is to have too and that no prop says, as `-flag=value`. */
  readonly carried: readonly string[];
}

/** None of them holds a secret. */
const carriedFlags = [
  ...['-include-label-prefix', '-selector-labels', '-ingress-annotations-prefix', '-ingress-class'],
  ...['-namespace', '-enable-config-tracking', '-cluster-name', '-no-cross-namespace-refs'],
];

const isFlagger = (image = ''): boolean => /(^|\/)flagger(:|@|$)/.test(image);

/** The installations of Flagger among the objects. */
export function findFlagger(objects: readonly KubeObject[]): FlaggerInstallation[] {
  const deployments = objects.filter(({ kind }) => kind === Deployments.kind) as Deployment[];
  return deployments.flatMap(({ metadata, spec }) => {
    const container = spec.template?.spec.containers.find(({ image }) => isFlagger(image));
    if (!container) return [];
    const words = [container.command, container.args].flatMap((list) => (Array.isArray(list) ? list : []));
    const flags = readFlags(words.map(String));
    const { name = '', namespace = 'default' } = metadata;
    return [
      {
        ...{ name, namespace, image: container.image ?? '' },
        flags: [...flags.keys()].map(judgeFlag),
        meshProvider: flags.get('-mesh-provider') || 'istio',
        carried: [...flags].flatMap(([flag, value]) =>
          carriedFlags.includes(flag) && value !== '' ? [`${flag}=${value}`] : [],
        ),
        metricsServer: flags.get('-metrics-server') || 'http://prometheus:9090',
      },
    ];
  });
}

/** Flags of a Go program: `-name=value`, `--name value`. */
function readFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  words.forEach((word, at) => {
    const [, name, value] = /^--?([a-z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const next = words[at + 1] ?? '';
    if (name) flags.set(`-${name}`, value ?? (next.startsWith('-') ? '' : next));
  });
  return flags;
}

function judgeFlag(flag: string): FlagFinding {
  const row = parity.flags.find(({ flags }) => flags.includes(flag));
  if (row) return { flag, status: row.status, remarks: row.remarks };
  const near = nearestName(
    flag,
    parity.flags.flatMap(({ flags }) => flags),
  );
  return {
    flag,
    status: 'unknown',
    remarks: near ? `did you mean ${near}?` : 'Flagger 1.44 has no such flag',
  };
}
