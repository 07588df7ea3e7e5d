import { createMemo } from '../api/memo.js';
import type { Queries, QueryModel } from '../ports/metrics.js';
import { builtinQueries } from './builtin.js';
import { countQueries } from './counts.js';
import { observerOf } from './observers.js';
import { sharedQuery } from './shared.js';
import type { Functions, TemplateFunction } from './template/evaluator.js';
import { constant } from './template/functions.js';
import { renderTemplate } from './template/render.js';
import { seriesIn, tracesOf } from './traces.js';
import { primaryQueries } from './versions.js';

/** The built-in queries, and Flagger's template language. */
export const queries: Queries = {
  builtin(provider, metric) {
    const observer = observerOf(provider);
    const query = builtinQueries[observer][metric];
    return { observer, query, unit: observer === 'http' ? 's' : 'ms', shared: sharedQuery(query) };
  },
  counts: (provider, metric, model, lengthMs) =>
    countQueries(observerOf(provider), metric, model, lengthMs, render),
  traces: (provider, model) => tracesOf(observerOf(provider), model, render),
  seriesIn,
  render,
};

/** Queries as they were rendered: every check of a canary asks the same ones. */
const rendered = createMemo<string>(64);

function render(template: string, model: QueryModel): string {
  return rendered(`${JSON.stringify(model)}\n${template}`, () =>
    renderTemplate(template, functionsOf(template, model)),
  );
}

const builtinTexts: ReadonlySet<string> = new Set([
  ...Object.values(builtinQueries).flatMap(Object.values<string>),
  ...primaryQueries,
]);

function functionsOf(template: string, model: QueryModel): Functions {
  return new Map([
    constant('name', withinQuotes(model.name)),
    constant('namespace', withinQuotes(model.namespace)),
    constant('target', withinQuotes(model.target)),
    constant('service', withinQuotes(model.service)),
    constant('ingress', withinQuotes(model.ingress)),
    constant('route', withinQuotes(model.route)),
    constant('interval', model.interval),
    constant('variables', new Map(Object.entries(model.variables))),
    ...(builtinTexts.has(template) ? ([['word', toWord]] as const) : []),
  ]);
}

/** In queries names stand between quotes. None that Kubernetes takes has a quote; one that has shall not end them. */
function withinQuotes(name: string): string {
  return name.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n');
}

/** Every character but letters, digits and `_` as `_`: how skipper writes names into its routes. */
const toWord: TemplateFunction = ([text]) => String(text).replace(/\W/g, '_');
