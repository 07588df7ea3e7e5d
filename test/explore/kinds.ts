import type { Incident } from './schedule.js';

/** What an incident of the plan met: a request that writes or reads, a question to Prometheus or a hook. */
export type Met = 'write' | 'read' | 'metrics' | 'hook';

/** Kinds of incidents, as people call them. */
export const kinds = [
  'stale caches',
  'dropped watch events',
  'duplicated watch events',
  'reordered watch events',
  'answers of 409',
  'answers of 429',
  'answers of 500',
  'timeouts without effect',
  'timeouts with effect',
  'slow requests',
  'slow metrics',
  'failing metrics',
  'metrics that hang',
  'slow hooks',
  'failing hooks',
  'hooks that hang',
  'clock jumps',
  'two leaders',
  'edits by users',
  'orders of operators',
  'further releases',
  'restarts of the API server',
  'crashes',
] as const;

export type Kind = (typeof kinds)[number];

const crash = { dieBefore: 'crashes', dieAfter: 'crashes' } as const;

const named = {
  request: {
    ...crash,
    conflict: 'answers of 409',
    busy: 'answers of 429',
    broken: 'answers of 500',
    noAnswer: 'timeouts without effect',
    lostAnswer: 'timeouts with effect',
    slow: 'slow requests',
  },
  event: {
    cut: 'dropped watch events',
    twice: 'duplicated watch events',
    late: 'stale caches',
    overtaken: 'reordered watch events',
  },
  metrics: {
    ...crash,
    error: 'failing metrics',
    noAnswer: 'metrics that hang',
    lostAnswer: 'metrics that hang',
    slow: 'slow metrics',
  },
  hook: {
    ...crash,
    error: 'failing hooks',
    noAnswer: 'hooks that hang',
    lostAnswer: 'hooks that hang',
    slow: 'slow hooks',
  },
  alert: crash,
  time: {
    releaseAnother: 'further releases',
    releaseFirstAgain: 'further releases',
    editRoute: 'edits by users',
    deleteRoute: 'edits by users',
    editPolicy: 'edits by users',
    touchCanary: 'edits by users',
    scaleTarget: 'edits by users',
    suspend: 'edits by users',
    pauseAwhile: 'orders of operators',
    abort: 'orders of operators',
    retry: 'orders of operators',
    promoteFully: 'orders of operators',
    clockForward: 'clock jumps',
    clockBack: 'clock jumps',
    apiServerRestart: 'restarts of the API server',
    secondLeader: 'two leaders',
    restart: 'crashes',
  },
} as const satisfies Record<string, Record<string, Kind>>;

/** The kind of an incident that has happened. */
export function kindOf(incident: Incident, met?: Met): Kind {
  switch (incident.on) {
    case 'request':
      // nothing but a write conflicts: a reader gets another refusal
      return incident.what === 'conflict' && met === 'read' ? 'answers of 500' : named.request[incident.what];
    case 'call':
      return named[met === 'hook' ? 'hook' : 'metrics'][incident.what];
    case 'event':
      return named.event[incident.what];
    case 'alert':
      return named.alert[incident.what];
    case 'time':
      return named.time[incident.what];
  }
}
