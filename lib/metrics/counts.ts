import type { CountQueries, QueryModel } from '../ports/metrics.js';
import type { BuiltinMetric, Observer } from './builtin.js';
import { selectorsOf, type Version } from './versions.js';

/** How far back the primary's past is looked at, and in spans of which length: 360 of them. */
const past = '[1h:10s]';

/**
 * How much each counter has grown since a while ago, to the request: `rate()` and `increase()` estimate from the samples
 * within, leave out what lies between two spans, and the first failure of a series altogether. A counter that fell, or
 * that there was none of in the hour before, has begun at 0.
 */
function growth(selector: string, lengthMs: number): string {
  return `(((${selector} - last_over_time(${selector}[1h] offset ${lengthMs}ms)) >= 0) or ${selector})`;
}

/** The selector of the requests that `good` leaves out of `all`: the matcher that it has more, the other way round. */
function badSelector(good: string, all: string): string {
  const matchersOf = (selector: string) => selector.match(/[\w]+\s*(=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"/g) ?? [];
  const known = new Set(matchersOf(all));
  const more = matchersOf(good).filter((matcher) => !known.has(matcher));
  const turned = more.map((matcher) => matcher.replace('!~', '=~').replace('!=', '='));
  return all.replace(/,?\s*\}$/, `, ${turned.join(', ')} }`);
}

/** The counts behind a built-in metric; undefined where the series do not tell the two versions apart. */
export function countQueries(
  observer: Observer,
  metric: BuiltinMetric,
  model: QueryModel,
  lengthMs: number,
  render: (template: string, model: QueryModel) => string,
): CountQueries | undefined {
  const selectors = (version: Version) => selectorsOf({ observer, metric, version }, model, render);
  const [canary, primary] = [selectors('canary'), selectors('primary')];
  if (!canary || !primary) return undefined;
  return metric === 'request-success-rate'
    ? failures(canary, primary, lengthMs)
    : slowness(canary, primary, lengthMs);
}

function failures(canary: readonly string[], primary: readonly string[], lengthMs: number): CountQueries {
  const of = ([good = '', all = '']: readonly string[]) => ({ all, bad: badSelector(good, all) });
  const counts = (selectors: readonly string[]) => {
    const { all, bad } = of(selectors);
    return { requests: `sum(${growth(all, lengthMs)})`, bad: `sum(${growth(bad, lengthMs)})` };
  };
  const { all, bad } = of(primary);
  return {
    of: 'failures',
    canary: counts(canary),
    primary: counts(primary),
    past: { requests: `sum(${all})${past}`, bad: `sum(${bad})${past}` },
  };
}

/** A query by buckets, or by the sum and the count beside them. */
function slowness(canary: readonly string[], primary: readonly string[], lengthMs: number): CountQueries {
  const of = ([first = '']: readonly string[]) => first.replace(/_sum\{/, '_bucket{');
  const buckets = (selectors: readonly string[]) => `sum by (le) (${growth(of(selectors), lengthMs)})`;
  return {
    of: 'slowness',
    canary: buckets(canary),
    primary: buckets(primary),
    past: `sum by (le) (${of(primary)})${past}`,
    unitMs: /_seconds_bucket\{/.test(of(canary)) ? 1000 : 1,
  };
}
