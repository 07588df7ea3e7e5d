import type { Posted } from '../sim/network/sinks.js';
import type { LogRecord } from '../sim/records.js';
import { messageOf } from '../testing/chronicle.js';
import type { Stage } from '../testing/stage.js';

/** Something that happened, and how things stood. */
export interface Moment {
  /** Milliseconds since the demo began. */
  readonly atMs: number;
  readonly kind: 'scene' | 'event' | 'alert';
  readonly phase: string;
  /** Percent of the users on the new version. */
  readonly weight: number;
  /** Of the new version over the last minute, in percent; absent when nobody asked it. */
  readonly successRate?: number;
  /** 99th percentile of the new version over the last minute, in milliseconds. */
  readonly latencyMs?: number;
  readonly text: string;
  readonly bad: boolean;
}

function reading(stage: Stage): Pick<Moment, 'successRate' | 'latencyMs'> {
  const series = (suffix: string, matchers = '') =>
    `rate(nginx_ingress_controller_${suffix}{namespace="${stage.namespace}",canary!=""${matchers}}[1m])`;
  const { world } = stage;
  const successRate = world.query(
    `sum(${series('requests', ',status!~"5.*"')}) / sum(${series('requests')}) * 100`,
  );
  const latencyMs = world.query(
    `histogram_quantile(0.99, sum by (le) (${series('response_duration_seconds_bucket')})) * 1000`,
  );
  return { ...(successRate !== undefined && { successRate }), ...(latencyMs !== undefined && { latencyMs }) };
}

/** The message of a posted alert, and where it went. */
export function describeAlert({ host, proxy, body }: Posted): string {
  const service = host.includes('slack') ? 'Slack' : 'Microsoft Teams';
  return `alert to ${service} (${host}${proxy ? ` through ${proxy}` : ''}): ${messageOf({ body })}`;
}

function isAboutCanary({ fields }: LogRecord): boolean {
  return fields.canary !== undefined;
}

/** Writes down what happens on the stage while its clock runs. */
export class Chronicle {
  readonly moments: Moment[] = [];
  private readonly beganAt: number;
  private events = 0;
  private alerts = 0;

  constructor(private readonly stage: Stage) {
    this.beganAt = stage.world.clock.now();
  }

  async scene(text: string): Promise<void> {
    await this.note('scene', text, false, this.stage.world.clock.now());
  }

  /** Notes the events and alerts since it was last called. */
  async catchUp(): Promise<void> {
    const records = this.stage.world.log.records.filter(isAboutCanary);
    const posted = this.stage.world.alerts();
    for (const { at, level, message } of records.slice(this.events)) {
      const bad = level !== 'info' || /^(Halt|Rolling back|Canary failed)/.test(message);
      await this.note('event', message, bad, at);
    }
    for (const alert of posted.slice(this.alerts))
      await this.note('alert', describeAlert(alert), false, alert.at);
    this.events = records.length;
    this.alerts = posted.length;
  }

  private async note(kind: Moment['kind'], text: string, bad: boolean, at: number): Promise<void> {
    const phase = this.stage.phase();
    const weight = this.stage.weight();
    const measured = kind === 'event' && weight > 0 ? reading(this.stage) : {};
    this.moments.push({ atMs: at - this.beganAt, kind, phase, weight, ...measured, text, bad });
  }
}
