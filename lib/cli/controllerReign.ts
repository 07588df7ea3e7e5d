import { createLeadership } from '../engine/leadership/lease.js';
import type { ControllerPorts } from '../engine/options.js';
import type { ControllerSettings } from '../settings/controllerSettings.js';
import type { Environment } from '../settings/goFlags.js';
import { inOneLine } from './failure.js';

/** What the process around it gives a controller. */
export interface Host {
  readonly version: string;
  readonly hostname: string;
  readonly environment: Environment;
  readonly write: (line: string) => void;
  /** Lines that could not be written. */
  readonly lostLines: () => number;
  /** Resolves when the controller shall end. */
  readonly stopRequested: Promise<string>;
  readonly exit: (code: number) => void;
  /** Flags that were given and do nothing. */
  readonly withoutEffect: readonly string[];
}

export interface Reign {
  /** The controller acts, or has done so. */
  began(): boolean;
  /** Rejects when the controller cannot go on. */
  readonly failed: Promise<never>;
  end(): Promise<void>;
}

/** Lets the controller act at once, or when it is elected. */
export function createReign(
  { leaderElectionNamespace }: ControllerSettings,
  { cluster, clock, random, log }: ControllerPorts,
  host: Host,
  controller: { start(): Promise<void> },
): Reign {
  let began = false;
  let ending = false;
  let fail: (reason: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const begin = (): void => {
    controller.start().then(() => {
      began = true;
      log.log('info', 'Started operator control loop');
    }, fail);
  };
  if (leaderElectionNamespace === undefined) {
    begin();
    return { began: () => began, failed, end: async () => {} };
  }
  const identity = `${host.hostname}_${random.uuid()}`;
  const leadership = createLeadership({ cluster, clock, log, namespace: leaderElectionNamespace, identity });
  leadership
    .run({
      onStarted: begin,
      onStopped() {
        if (ending) return;
        // Another may lead by now: not one write more, not even an orderly goodbye.
        log.log('error', 'Leadership lost', { identity });
        host.exit(1);
      },
    })
    .catch(fail);
  return {
    began: () => began,
    failed,
    async end() {
      ending = true;
      await leadership.stop().catch((error: unknown) => log.log('warn', inOneLine(error), { identity }));
    },
  };
}
