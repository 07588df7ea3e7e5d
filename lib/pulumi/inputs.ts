import type { Input } from '@pulumi/pulumi';
import type { Duration } from 'cdk8s';
import type { Alert } from '../constructs/alert.js';
import type { Check } from '../constructs/app/check.js';
import type { Match } from '../constructs/app/match.js';
import type { Metric } from '../constructs/app/metric.js';
import type { Probe } from '../constructs/app/probe.js';
import type { Strategy } from '../constructs/app/strategy.js';
import type { Metrics } from '../constructs/platform/metrics.js';
import type { Routing } from '../constructs/platform/routing.js';

/** Values that are what they are: an Output cannot stand in them. */
type Opaque = Alert | Check | Duration | Match | Metric | Metrics | Probe | Routing | Strategy;

/**
 * The props of a construct where every text may be an Output of another resource: an image's digest, a host, a
 * namespace. Numbers and switches must be known while the program runs, since they are checked against each other.
 */
export type Inputs<T> = T extends Opaque | number | boolean | undefined | ((...args: never[]) => unknown)
  ? T
  : T extends string
    ? Input<T>
    : { readonly [Key in keyof T]: Inputs<T[Key]> };
