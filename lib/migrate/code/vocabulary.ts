import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import { CanaryApp } from '../../constructs/app/canaryApp.js';
import { CanaryRelease } from '../../constructs/app/canaryRelease.js';
import { Check } from '../../constructs/app/check.js';
import { Match } from '../../constructs/app/match.js';
import { Metric } from '../../constructs/app/metric.js';
import { Probe } from '../../constructs/app/probe.js';
import { Strategy } from '../../constructs/app/strategy.js';
import { CanaryPlatform } from '../../constructs/platform/canaryPlatform.js';
import { Metrics } from '../../constructs/platform/metrics.js';
import { Routing } from '../../constructs/platform/routing.js';

/** What a generated program may name, by the package that it is imported from. */
export const vocabulary = {
  cdk8s: { ApiObject, App, Chart, Duration, JsonPatch },
  perch: {
    ...{ CanaryApp, CanaryPlatform, CanaryRelease },
    ...{ Check, Match, Metric, Metrics, Probe, Routing, Strategy },
  },
};

/** The import lines for the names that a program uses. */
export function importLines(used: ReadonlySet<string>): string[] {
  return Object.entries(vocabulary).flatMap(([source, names]) => {
    const imported = Object.keys(names).filter((name) => used.has(name));
    return imported.length > 0 ? [`import { ${imported.join(', ')} } from '${source}';`] : [];
  });
}
