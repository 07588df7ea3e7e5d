import { ApiError } from '../../ports/cluster.js';
import type { Random } from '../../ports/random.js';
import type { ApiRequest } from '../../sim/cluster/virtualCluster.js';
import { numberWithin, refuseValue } from '../given.js';
import { type Moment, type Operator, operators } from './operators.js';

/** What goes wrong in the cluster: called before each request of the controller; what it throws is the answer. */
export type Fault = (request: ApiRequest, random: Random) => void;

const answers = {
  409: ['Conflict', 'the object has been modified; please apply your changes to the latest version'],
  429: ['TooManyRequests', 'the server has received too many requests'],
  500: ['InternalError', 'an error on the server has prevented the request from succeeding'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
} as const;

const writes: ReadonlySet<string> = new Set(['create', 'update', 'updateStatus', 'patch', 'apply', 'delete']);

/** Faults of the virtual cluster. */
export const faults = {
  /** A share of the controller's writes is refused with one of the statuses; by chance, so by the seed. */
  refuseWrites: ({
    share,
    statuses = [409, 429, 500],
  }: {
    readonly share: number;
    readonly statuses?: readonly (keyof typeof answers)[];
  }): Fault => {
    numberWithin(share, 'faults.refuseWrites.share', { least: 0, most: 1 });
    const known = Object.keys(answers);
    if (statuses.length === 0 || statuses.some((status) => !known.includes(String(status))))
      refuseValue(
        'faults.refuseWrites.statuses',
        `some of ${known.join(', ')}`,
        statuses.join(', '),
        'write one or more of them',
      );
    return ({ verb }, random) => {
      if (!writes.has(verb) || random.next() >= share) return;
      const status = statuses[Math.floor(random.next() * statuses.length)]!;
      const [reason, message] = answers[status];
      throw new ApiError(status, reason, message);
    };
  },
};

/** Things that happen to the cluster at a moment of the release. */
export const incidents = {
  /** Every watch is cut, as when the API server is restarted. */
  apiServerRestarts: (moment: Moment): Operator =>
    operators.act('the API server is restarted', moment, (world) => world.disconnect()),
  /** The router's counters begin at 0. */
  routerRestarts: (moment: Moment): Operator =>
    operators.act('the router is restarted', moment, (world) => world.restartRouter()),
};
