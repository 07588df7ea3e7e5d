import type { Clock } from '../../lib/ports/clock.js';
import { type Kind, kindOf, type Met } from './kinds.js';
import type { Incident } from './schedule.js';

type Sort = 'request' | 'event' | 'call' | 'alert';

/** What a controller that is started again, and again, shares with those before it: the plan, and how far it is. */
export class Seat {
  private plan: readonly Incident[] = [];
  private asked = { request: 0, event: 0, call: 0, alert: 0 };

  /** `happened` hears of each incident of the plan that comes true. */
  constructor(
    readonly who: number,
    private readonly happened: (kind: Kind) => void,
  ) {}

  /** From now on requests, events, calls and alerts are counted, and fail as planned. */
  arm(plan: readonly Incident[]): void {
    this.plan = plan;
    this.asked = { request: 0, event: 0, call: 0, alert: 0 };
  }

  /** Of the requests, events, calls or alerts since the plan holds. */
  count(on: Sort): number {
    return this.asked[on];
  }

  /** What the plan has for the next request, event, call or alert. */
  next<On extends Sort>(on: On, met?: Met): Extract<Incident, { on: On }> | undefined {
    const nth = this.asked[on]++;
    const found = this.plan.find(
      (incident): incident is Extract<Incident, { on: On }> =>
        incident.on === on && incident.who === this.who && incident.nth === nth,
    );
    if (found) this.happened(kindOf(found, met));
    return found;
  }
}

/** One controller process. One that died is not told; nothing that it asks is answered any more, no timer fires. */
export class Life {
  alive = true;
  /** Milliseconds by which its clock is wrong. */
  clockErrorMs = 0;
  readonly clock: Clock;
  private readonly ends: (() => void)[] = [];

  constructor(
    readonly seat: Seat,
    clock: Clock,
    private readonly died: (life: Life) => void,
  ) {
    this.clock = {
      now: () => clock.now() + this.clockErrorMs,
      timer: (delayMs, fire) => clock.timer(delayMs, () => this.alive && fire()),
    };
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const end of this.ends) end();
    this.died(this);
  }

  /** Called when the process dies. */
  atEnd(end: () => void): void {
    this.ends.push(end);
  }

  /** The answer, as long as there is somebody to get it. */
  whileAlive<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.alive && resolve(value),
        (error: unknown) => this.alive && reject(error),
      );
    });
  }

  /** Never answers. */
  silence<T>(): Promise<T> {
    return new Promise(() => undefined);
  }
}
