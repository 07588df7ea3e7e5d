import type { TrafficSource } from '../../sim/models/traffic.js';
import { checkOptions, durationOf, numberWithin, type Options, refuseValue, spanOf } from '../given.js';

/** Where users come in: a host of the router, or a Service. */
export type TrafficTarget = Pick<TrafficSource, 'host' | 'service'>;

/** Who asks for what, given where users come in and when the simulation began (epoch ms). */
export type TrafficModel = (target: TrafficTarget, startMs: number) => readonly TrafficSource[];

interface Requests {
  /** Requests a second, 0 or more. */
  readonly rps: number;
  /** @default - that of the application's Ingress */
  readonly host?: string;
  /** @default / */
  readonly path?: string;
  /** @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly cookies?: Readonly<Record<string, string>>;
}

function line(target: TrafficTarget, { host, path = '/', headers, cookies }: Requests) {
  const place = host === undefined ? target : { host };
  return { ...place, path, ...(headers && { headers }), ...(cookies && { cookies }) };
}

const dayMs = 86_400_000;
const known: Options<Requests> = { rps: true, host: true, path: true, headers: true, cookies: true };

function checkRequests<T extends Requests>(requests: T, path: string, options: Options<T>): void {
  checkOptions(requests, path, options);
  numberWithin(requests.rps, `${path}.rps`, { least: 0 });
}

function steady(requests: Requests): TrafficModel {
  checkRequests(requests, 'traffic.steady', known);
  return (target) => [{ ...line(target, requests), requestsPerSecond: requests.rps }];
}

interface Wave extends Requests {
  /** Requests a second when fewest come, 0 to `rps`. */
  readonly lowest: number;
  /** When most come, UTC, since midnight. @default 14h */
  readonly peakAt?: string;
}

function wave(given: Wave): TrafficModel {
  checkRequests(given, 'traffic.wave', { ...known, lowest: true, peakAt: true });
  const { lowest, peakAt = '14h', ...requests } = given;
  numberWithin(lowest, 'traffic.wave.lowest', { least: 0, most: requests.rps });
  const peakMs = durationOf(peakAt, 'traffic.wave.peakAt');
  const middle = (requests.rps + lowest) / 2;
  const swing = (requests.rps - lowest) / 2;
  return (target, startMs) => {
    const angle = (ms: number) => (2 * Math.PI * (startMs + ms - peakMs)) / dayMs;
    const swung = (ms: number) => (swing * dayMs * Math.sin(angle(ms))) / (2 * Math.PI);
    const requestsPerSecond = (ms: number) => (middle * ms + swung(ms) - swung(0)) / 1000;
    return [{ ...line(target, requests), startMs, requestsPerSecond }];
  };
}

interface Bursts extends Requests {
  /** From the beginning of a burst to that of the next. */
  readonly every: string;
  /** No longer than `every`. */
  readonly lasting: string;
}

function bursts(given: Bursts): TrafficModel {
  checkRequests(given, 'traffic.bursts', { ...known, every: true, lasting: true });
  const { every, lasting, ...requests } = given;
  const period = spanOf(every, 'traffic.bursts.every');
  const length = spanOf(lasting, 'traffic.bursts.lasting');
  if (length > period)
    refuseValue(
      'traffic.bursts.lasting',
      `no more than every, ${every}`,
      lasting,
      'shorten it, or take steady',
    );
  return (target, startMs) => {
    const active = (ms: number) => Math.floor(ms / period) * length + Math.min(ms % period, length);
    const requestsPerSecond = (ms: number) => (active(ms) * requests.rps) / 1000;
    return [{ ...line(target, requests), startMs, requestsPerSecond }];
  };
}

/** The traffic of a simulation; several are combined with `all`. */
export const traffic = {
  /** Nobody asks for anything; load tests of the canary still do. */
  none: (): TrafficModel => () => [],
  /** `rps` requests a second, evenly, all the time. */
  steady,
  /** A day's wave between `lowest` and `rps` requests a second; `peakAt` (UTC, since midnight) is `14h` by default. */
  wave,
  /** `rps` requests a second for as long as `lasting`, once in `every`; the first at the beginning. */
  bursts,
  /** All of them at once. */
  all:
    (...models: readonly TrafficModel[]): TrafficModel =>
    (target, startMs) =>
      models.flatMap((model) => model(target, startMs)),
};
