import type { Canary, HeaderMatch } from '../../api/canary.js';
import { portName, serviceNames, strategyOf } from '../../api/defaults.js';
import { readDuration } from '../../api/duration.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import type { Routes } from '../../ports/router.js';
import { sharesOf } from '../generated/shares.js';

/** How a version of App Mesh's API writes what both versions say. */
export interface Dialect {
  readonly route: 'http' | 'httpRoute';
  target(name: string, weight: number): object;
  duration(ms: number): object;
  readonly retryTimeout: (ms: number) => object;
}

/** The routes of a virtual router; of an A/B test one for those who match, before one for the others. */
export function routesOf(canary: Canary, name: string, desired: Routes, dialect: Dialect): object[] {
  const names = serviceNames(canary);
  const { match = [] } = canary.spec.analysis;
  const both = [dialect.target(names.canary, desired.canary), dialect.target(names.primary, desired.primary)];
  const route = (routeName: string, targets: object[], headers?: object[]) => ({
    name: routeName,
    [dialect.route]: {
      match: { prefix: canary.spec.service?.match?.[0]?.uri?.prefix || '/', ...(headers && { headers }) },
      ...policies(canary, dialect),
      action: { weightedTargets: targets },
    },
  });
  if (name !== names.apex || match.length === 0 || strategyOf(canary.spec) !== 'ab-testing') {
    return [route(name, both)];
  }
  const headers = match.flatMap((one) => Object.entries(one.headers ?? {}).map(headerMatch));
  return [
    { ...route(`${name}-a`, both, headers), priority: 10 },
    { ...route(`${name}-b`, [dialect.target(names.primary, 100)]), priority: 20 },
  ];
}

function headerMatch([name, { exact, prefix, regex, suffix }]: [string, HeaderMatch]): object {
  const match = regex ? { regex } : prefix ? { prefix } : suffix ? { suffix } : { exact: exact ?? '' };
  return { name, match };
}

function policies({ spec }: Canary, dialect: Dialect): object {
  const { timeout, retries } = spec.service ?? {};
  const timeoutMs = readDuration(timeout ?? '');
  return {
    ...(retries && {
      retryPolicy: {
        maxRetries: retries.attempts || 1,
        ...dialect.retryTimeout(readDuration(retries.perTryTimeout ?? '') ?? 250),
        httpRetryEvents: (retries.retryOn || 'gateway-error').split(','),
      },
    }),
    ...(timeoutMs &&
      dialect.route === 'httpRoute' && { timeout: { perRequest: dialect.duration(timeoutMs) } }),
  };
}

/** Port and protocol by which a version is reached. */
export function listenerOf({ spec }: Canary, port: number): object {
  const protocol = spec.service && portName(spec.service).includes('grpc') ? 'grpc' : 'http';
  return { portMapping: { port, protocol } };
}

export function loggingOf({ metadata }: Canary): object {
  const asked = metadata.annotations?.['appmesh.flagger.app/accesslog'] === 'enabled';
  return asked ? { logging: { accessLog: { file: { path: '/dev/stdout' } } } } : {};
}

/** Read by App Mesh's gateway, for the apex alone. */
export function gatewayAnnotations({ spec }: Canary): Readonly<Record<string, string>> {
  const { hosts = [], timeout, retries } = spec.service ?? {};
  if (hosts.length === 0) return unmanagedByToolkit;
  const prefix = 'gateway.appmesh.k8s.aws';
  return {
    ...unmanagedByToolkit,
    [`${prefix}/expose`]: 'true',
    [`${prefix}/domain`]: hosts.map((host) => `${host},`).join(''),
    ...(timeout && { [`${prefix}/timeout`]: timeout }),
    ...(retries?.attempts && { [`${prefix}/retries`]: String(retries.attempts) }),
  };
}

interface Target {
  readonly virtualNodeName?: string;
  readonly virtualNodeRef?: { readonly name: string };
  readonly weight?: number;
}

/** What the first route says; undefined unless it has the two targets. */
export function sharesIn(canary: Canary, routes: readonly object[] | undefined): Routes | undefined {
  const names = serviceNames(canary);
  const [first] = (routes ?? []) as readonly Record<string, { action?: { weightedTargets?: Target[] } }>[];
  const targets = (first?.http ?? first?.httpRoute)?.action?.weightedTargets ?? [];
  const weightOf = (name: string) =>
    targets.find((target) => (target.virtualNodeName ?? target.virtualNodeRef?.name) === name)?.weight;
  return targets.length === 2 ? sharesOf(weightOf(names.primary), weightOf(names.canary)) : undefined;
}
