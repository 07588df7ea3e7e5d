import type { MigrationReport } from './report.js';

/** One thing to do, in the order given. */
export interface Step {
  readonly what: string;
  readonly commands: readonly string[];
}

export interface TakeOver {
  /** What should be put right, or waited for, before it begins. */
  readonly objections: readonly string[];
  readonly steps: readonly Step[];
}

/** Phases in which nothing of a release is under way. */
const atRest = ['Initialized', 'Succeeded', 'Failed', 'Terminated'];

/**
 * How the controllers change places with nothing restarted: Flagger stops, and traffic stays as its objects say;
 * perch adopts the revisions that Flagger's status names and so starts no rollout. `asked` are the arguments that
 * `perch migrate` was given.
 */
export function planTakeOver(report: MigrationReport, asked: string): TakeOver {
  const installations =
    report.flagger.length > 0 ? report.flagger : [{ namespace: 'flagger-system', name: 'flagger' }];
  const scale = (replicas: number) =>
    installations.map(
      ({ namespace, name }) => `kubectl -n ${namespace} scale deployment/${name} --replicas=${replicas}`,
    );
  const gone = installations.map(
    ({ namespace, name }) => `kubectl -n ${namespace} rollout status deployment/${name}`,
  );
  const migrate = ['perch migrate', asked, '--code > main.ts'].filter(Boolean).join(' ');
  return {
    objections: objectionsTo(report),
    steps: [
      { what: 'write the program that stands for what is there', commands: [migrate, 'perch diff main.ts'] },
      { what: 'stop Flagger; traffic stays as it is', commands: [...scale(0), ...gone] },
      {
        what: 'install the CRDs; the objects stay',
        commands: ['perch crds | kubectl apply --server-side --force-conflicts -f -'],
      },
      { what: 'start the controller', commands: ['perch deploy main.ts'] },
      { what: 'see that the phases are what they were', commands: ['kubectl get canaries -A'] },
      {
        what: 'to go back, if need be',
        commands: ['kubectl -n perch-system scale deployment/perch-controller --replicas=0', ...scale(1)],
      },
    ],
  };
}

function objectionsTo({ objects, unread, flagger }: MigrationReport): string[] {
  return [
    ...objects.flatMap(({ kind, namespace, name, problems, phase, source }) => {
      const place = `${source ? `${source}: ` : ''}${kind} ${namespace}/${name}`;
      const invalid = problems.filter(({ level }) => level === 'error');
      const busy = kind === 'Canary' && phase !== undefined && !atRest.includes(phase);
      return [
        ...invalid.map(({ path, message }) => `${place} ${path}: ${message}`),
        ...(busy ? [`${place} is ${phase}: wait for the end of its release`] : []),
      ];
    }),
    ...unread.filter(({ broken }) => broken).map(({ source, message }) => `${source}: ${message}`),
    ...flagger.flatMap(({ namespace, name, flags }) =>
      flags
        .filter(({ status }) => status === 'not yet' || status === 'unknown')
        .map(({ flag, remarks }) => `Deployment ${namespace}/${name} has ${flag}: ${remarks}`),
    ),
  ];
}
