import { controlVerbs } from './controlVerbs.js';

/** As much of commander's Command as it takes to run one. */
export interface Runnable {
  name(name: string): this;
  /** Throw instead of ending the process. */
  exitOverride(): this;
  /** Where it would say by itself what is wrong with the words. */
  configureOutput(output: { readonly outputError: () => void }): this;
  parseAsync(argv: readonly string[], options: { readonly from: 'user' }): Promise<unknown>;
}

export interface CommandEntry {
  /** One line. */
  readonly summary: string;
  readonly example: string;
  /** Loads the command's file; none is loaded but the one that is asked for. */
  readonly load: () => Promise<Runnable>;
}

/** The commands of `perch`, in the order in which people meet them. */
export const commands = {
  demo: {
    summary: 'watch three releases on a virtual cluster: a good one, a faulty one, a slow one',
    example: 'perch demo examples/podinfo/main.ts --speed 30',
    load: async () => (await import('./demo.js')).demoCommand(),
  },
  simulate: {
    summary: 'show what a policy does with good and bad releases, over many runs',
    example: 'perch simulate main.ts --rps 5',
    load: async () => (await import('./simulate.js')).simulateCommand(),
  },
  deploy: {
    summary: 'apply what a program declares, and wait for the release',
    example: 'perch deploy main.ts --context staging',
    load: async () => (await import('./deploy.js')).deployCommand(),
  },
  diff: {
    summary: 'say what a deployment would change',
    example: 'perch diff main.ts',
    load: async () => (await import('./diff.js')).diffCommand(),
  },
  wait: {
    summary: 'wait until a revision is promoted, or rolled back',
    example: 'perch wait podinfo -n test --revision 6.9.1',
    load: async () => (await import('./wait.js')).waitCommand(),
  },
  history: {
    summary: 'list the last ten releases of a canary',
    example: 'perch history podinfo -n test --steps',
    load: async () => (await import('./history.js')).historyCommand(),
  },
  gitops: {
    summary: 'print what Argo CD or Flux must leave to the controller',
    example: 'perch gitops argocd main.ts',
    load: async () => (await import('./gitops.js')).gitopsCommand(),
  },
  migrate: {
    summary: 'from Flagger: what is the same, what differs, the steps, and the program for the YAML',
    example: 'perch migrate deploy/ --code > main.ts',
    load: async () => (await import('./migrate.js')).migrateCommand(),
  },
  init: {
    summary: 'start a project that deploys at once',
    example: 'perch init shop',
    load: async () => (await import('./init.js')).initCommand(),
  },
  synth: {
    summary: 'print the manifests that a TypeScript program declares',
    example: 'perch synth main.ts | kubectl apply --server-side -f -',
    load: async () => (await import('./synth.js')).synthCommand(),
  },
  crds: {
    summary: 'print the CustomResourceDefinitions',
    example: 'perch crds | kubectl apply --server-side -f -',
    load: async () => (await import('./crds.js')).crdsCommand(),
  },
  controller: {
    summary: "run the controller in place of flagger, with flagger's flags",
    example: 'perch controller -mesh-provider nginx -metrics-server http://prometheus:9090',
    load: async () => (await import('./controller.js')).controllerCommand(),
  },
  loadtester: {
    summary: "run the load tester in place of flagger's",
    example: 'perch loadtester -port 8080 -timeout 1h',
    load: async () => (await import('./loadtester.js')).loadtesterCommand(),
  },
  offboard: {
    summary: 'take a canary off perch without a failed request',
    example: 'perch offboard podinfo -n test',
    load: async () => (await import('./offboard.js')).offboardCommand(),
  },
  status: {
    summary: 'show where a release is, step by step with what was measured',
    example: 'perch status podinfo -n test --watch',
    load: async () => (await import('./status.js')).statusCommand(),
  },
  pause: {
    ...controlVerbs.pause,
    load: async () => (await import('./control.js')).controlCommand('pause'),
  },
  resume: {
    ...controlVerbs.resume,
    load: async () => (await import('./control.js')).controlCommand('resume'),
  },
  promote: {
    ...controlVerbs.promote,
    load: async () => (await import('./control.js')).controlCommand('promote'),
  },
  abort: {
    ...controlVerbs.abort,
    load: async () => (await import('./control.js')).controlCommand('abort'),
  },
  retry: {
    ...controlVerbs.retry,
    load: async () => (await import('./control.js')).controlCommand('retry'),
  },
  version: {
    summary: 'print the version',
    example: 'perch version',
    load: async () => (await import('./version.js')).versionCommand(),
  },
} satisfies Record<string, CommandEntry>;
