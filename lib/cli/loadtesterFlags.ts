import { defaultPrograms } from '../loadtester/programs.js';
import { DEFAULT_CONCURRENCY } from '../loadtester/server.js';
import {
  booleanFlag,
  choiceFlag,
  durationFlag,
  integerFlag,
  listFlag,
  portFlag,
  stringFlag,
} from '../settings/flagKinds.js';

/** The flags of Flagger's load tester, with its defaults, and perch's own. */
export const loadtesterFlags = {
  'log-level': stringFlag('debug', 'debug, info, warn, error, fatal or panic; anything else is info'),
  'zap-encoding': choiceFlag('json', 'console'),
  port: portFlag(9090, 'port of the hooks, /healthz and /metrics'),
  'metrics-port': portFlag(
    0,
    'a port of /healthz and /metrics alone, which may be open to more than that of the hooks; 0 for none',
  ),
  timeout: durationFlag(3_600_000, 'longest time that a command may run'),
  'namespace-regexp': stringFlag('', 'only canaries of namespaces that match are served; all without it'),
  'token-digest-file': stringFlag('', 'file with the SHA-256 of the token that requests must carry, as hex'),
  'allow-plain-requests': booleanFlag(
    false,
    "take requests without a token, as Flagger's does: whoever reaches the port may run commands",
  ),
  'allow-programs': listFlag(
    defaultPrograms,
    'programs that tasks may run; bash is for tasks of that type, * for all',
  ),
  'max-running': integerFlag(DEFAULT_CONCURRENCY, 'tasks at the same time; more are answered with 429', 1),
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
