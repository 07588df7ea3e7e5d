import { durationFlag, integerFlag, stringFlag } from '../settings/flagKinds.js';

/** The flags of Flagger's load tester, with its defaults. */
export const loadtesterFlags = {
  'log-level': stringFlag('debug', 'debug, info, warn, error, fatal or panic; anything else is info'),
  'zap-encoding': stringFlag('json', 'json or console'),
  port: integerFlag(9090, 'port of the hooks, /healthz and /metrics', 0),
  timeout: durationFlag(3_600_000, 'longest time that a command may run'),
  'namespace-regexp': stringFlag('', 'only canaries of namespaces that match are served; all without it'),
  'zap-replace-globals': {
    default: false,
    summary: "of Flagger's Go libraries: only false",
    boolean: true,
    read(text: string): boolean {
      if (text !== 'false') throw new Error('expected false, since perch has none of these libraries');
      return false;
    },
  },
} as const;
