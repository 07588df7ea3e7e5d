import * as pulumi from '@pulumi/pulumi';
import { Alert as AlertFactory } from '../constructs/alert.js';
import { Check as CheckFactory } from '../constructs/app/check.js';
import { Match as MatchFactory } from '../constructs/app/match.js';
import { Metric as MetricFactory } from '../constructs/app/metric.js';
import { Probe as ProbeFactory } from '../constructs/app/probe.js';
import { Strategy as StrategyFactory } from '../constructs/app/strategy.js';
import { Metrics as MetricsFactory } from '../constructs/platform/metrics.js';
import { Routing as RoutingFactory } from '../constructs/platform/routing.js';
import type { Inputs } from './inputs.js';
import { telling } from './refusal.js';
import { tokens } from './tokens.js';

/*
 * The constructs' factories for programs of Pulumi: what they make is the same, and every text that they are given may
 * be an Output.
 */

/** The static functions of a class, where every text may be an Output. */
type Accepting<Factory> = {
  readonly [Name in Exclude<keyof Factory, 'prototype'>]: Factory[Name] extends (
    ...args: infer Args
  ) => infer Made
    ? (...args: { [Index in keyof Args]: Inputs<Args[Index]> }) => Made
    : Factory[Name];
};

function accepting<Factory extends object>(factory: Factory): Accepting<Factory> {
  const accept = (name: string) => {
    const make = (factory as Record<string, unknown>)[name];
    if (typeof make !== 'function') return make;
    return (...args: readonly unknown[]) =>
      telling(() => make.apply(factory, tokens.encode<unknown[]>(args)));
  };
  const names = Object.getOwnPropertyNames(factory).filter(
    (name) => !['length', 'name', 'prototype'].includes(name),
  );
  return Object.fromEntries(names.map((name) => [name, accept(name)])) as Accepting<Factory>;
}

function lowerCase(text: pulumi.Input<string>): pulumi.Input<string> {
  return typeof text === 'string' ? text : pulumi.output(text).apply((known) => known.toLowerCase());
}

export type Alert = AlertFactory;
export const Alert = accepting(AlertFactory);
export type Check = CheckFactory;
export const Check = accepting(CheckFactory);
export type Match = MatchFactory;
const matches = accepting(MatchFactory);
export const Match: Accepting<typeof MatchFactory> = {
  ...matches,
  /** A name that is known later is put in lower case then. */
  header: (name, value) => matches.header(lowerCase(name), value),
};
export type Metric = MetricFactory;
export const Metric = accepting(MetricFactory);
export type Metrics = MetricsFactory;
export const Metrics = accepting(MetricsFactory);
export type Probe = ProbeFactory;
export const Probe = accepting(ProbeFactory);
export type Routing = RoutingFactory;
export const Routing = accepting(RoutingFactory);
export type Strategy = StrategyFactory;
export const Strategy = accepting(StrategyFactory);
