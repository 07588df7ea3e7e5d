import { PerchError } from '../../api/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Measurement, MetricProvider, QueryModel, Series, SharedQuery } from '../../ports/metrics.js';

/** What a canary wants to know, and how it would find out alone. */
export interface SharedQuestion {
  /** Tells metrics servers apart. */
  readonly address: string;
  readonly provider: MetricProvider;
  readonly model: QueryModel;
  readonly shared: SharedQuery | undefined;
  readonly render: (query: string, model: QueryModel) => string;
  readonly alone: () => Promise<Measurement>;
}

/** Canaries that ask the same metric at the same moment are answered from one query. */
export interface SharedQueries {
  /** The answer to the canary's own query; a shared one that fails is asked by each alone, and fails in its words. */
  ask(question: SharedQuestion): Promise<Measurement>;
}

/** How long a question waits for others, once there are others. */
const GATHER_MS = 50;
/** Who asked no longer ago than that is company: intervals are 10 s by default. */
const COMPANY_MS = 30_000;
/** Canaries a query: its URL stays below what proxies take, and its answer far below what we read. */
const MOST = 100;

/** Names that mean themselves in a regular expression. */
const plain = /^[a-zA-Z0-9-]+$/;

interface Waiting {
  readonly question: SharedQuestion;
  readonly shared: SharedQuery;
  readonly resolve: (answer: Promise<Measurement>) => void;
}

interface Group {
  waiting: Waiting[];
  last: { readonly member: string; readonly at: number } | undefined;
  /** When somebody else than before last asked. */
  companyAt: number;
}

export function createSharedQueries(clock: Clock): SharedQueries {
  const groups = new Map<string, Group>();
  const groupOf = (key: string, now: number): Group => {
    const known = groups.get(key);
    if (known) return known;
    for (const [other, { last, waiting }] of groups)
      if (waiting.length === 0 && now - (last?.at ?? 0) > COMPANY_MS) groups.delete(other);
    const group: Group = { waiting: [], last: undefined, companyAt: Number.NEGATIVE_INFINITY };
    groups.set(key, group);
    return group;
  };
  const flush = (group: Group): void => {
    const { waiting } = group;
    group.waiting = [];
    for (let from = 0; from < waiting.length; from += MOST) askTogether(waiting.slice(from, from + MOST));
  };
  return {
    ask(question) {
      const { shared, provider } = question;
      if (!shared || !provider.series || !namesOf(question, shared).every((name) => plain.test(name)))
        return question.alone();
      const now = clock.now();
      const group = groupOf(`${question.address} ${question.model.interval} ${shared.query}`, now);
      const member = namesOf(question, shared).join(' ');
      if (group.last && group.last.member !== member && now - group.last.at <= COMPANY_MS)
        group.companyAt = now;
      group.last = { member, at: now };
      // nobody is kept waiting for company that does not come
      if (now - group.companyAt > COMPANY_MS) return question.alone();
      return new Promise((resolve) => {
        if (group.waiting.push({ question, shared, resolve }) === 1)
          clock.timer(GATHER_MS, () => flush(group));
      });
    },
  };
}

function namesOf({ model }: SharedQuestion, { labels }: SharedQuery): string[] {
  return Object.values(labels).map((name) => model[name]);
}

/** One query for all who wait. */
function askTogether(waiting: readonly Waiting[]): void {
  const [first] = waiting;
  if (!first) return;
  const { question, shared } = first;
  const answer = waiting.length > 1 ? question.provider.series?.(textFor(waiting, first)) : undefined;
  for (const { question: own, resolve } of waiting)
    resolve(answer ? answer.then(...readers(own, shared)) : own.alone());
}

/** The query with every name in the place of one. */
function textFor(waiting: readonly Waiting[], { question, shared }: Waiting): string {
  const names = Object.values(shared.labels).map((name) => [
    name,
    [...new Set(waiting.map(({ question: { model } }) => model[name]))].toSorted().join('|'),
  ]);
  return question.render(shared.query, { ...question.model, ...Object.fromEntries(names) });
}

function readers(question: SharedQuestion, { labels }: SharedQuery) {
  const own = (series: readonly Series[]): Measurement =>
    series.find((each) =>
      Object.entries(labels).every(([label, name]) => each.labels[label] === question.model[name]),
    )?.measurement ?? { kind: 'noData', detail: 'no values found' };
  const otherwise = (error: unknown): Promise<Measurement> => {
    // where nobody listens, each need not find that out alone
    if (error instanceof PerchError && error.code === 'NET_CONNECTION') throw error;
    return question.alone();
  };
  return [own, otherwise] as const;
}
