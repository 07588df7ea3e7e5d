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

/** Canaries that ask the same metric at nearly the same time are answered from one query. */
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
/** Whoever asks again within that share of its interval is asked about as well; no value gets older than it and LATE_MS. */
const AHEAD = 0.1;
/** And within that, where intervals are long: metrics are scraped every few seconds. */
const MOST_AHEAD_MS = 2_000;
/** Who comes that much later than it used to asks anew. */
const LATE_MS = 500;

/** Names that mean themselves in a regular expression. */
const plain = /^[a-zA-Z0-9-]+$/;

interface Waiting {
  readonly question: SharedQuestion;
  readonly shared: SharedQuery;
  readonly resolve: (answer: Promise<Measurement>) => void;
}

/** Who asks the same thing every so often. */
interface Member {
  readonly model: QueryModel;
  /** When it asked last, and is expected to ask again. */
  readonly at: number;
  readonly againAt: number | undefined;
  /** What it was asked about ahead. */
  answer?: Promise<readonly Series[]>;
}

interface Group {
  readonly members: Map<string, Member>;
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
    const members = new Map<string, Member>();
    const group: Group = { members, waiting: [], last: undefined, companyAt: Number.NEGATIVE_INFINITY };
    groups.set(key, group);
    return group;
  };
  return {
    ask(question) {
      const { shared, provider, model } = question;
      if (!shared || !provider.series || !namesOf(model, shared).every((name) => plain.test(name)))
        return question.alone();
      const now = clock.now();
      const group = groupOf(`${question.address} ${model.interval} ${shared.query}`, now);
      const name = namesOf(model, shared).join(' ');
      const before = group.members.get(name);
      // put anew, so that the first of them are those that have not asked for longest
      group.members.delete(name);
      group.members.set(name, { model, at: now, againAt: before && now + (now - before.at) });
      if (group.last && group.last.member !== name && now - group.last.at <= COMPANY_MS)
        group.companyAt = now;
      group.last = { member: name, at: now };
      if (before?.answer && isAwaited(before, now)) return before.answer.then(...readers(question, shared));
      // nobody is kept waiting for company that does not come
      if (now - group.companyAt > COMPANY_MS) return question.alone();
      return new Promise((resolve) => {
        if (group.waiting.push({ question, shared, resolve }) === 1)
          clock.timer(GATHER_MS, () => flush(group, clock.now()));
      });
    },
  };
}

function namesOf(model: QueryModel, { labels }: SharedQuery): string[] {
  return Object.values(labels).map((name) => model[name]);
}

/** Is it about to ask, or was it a moment ago? */
function isAwaited({ at, againAt }: Member, now: number): boolean {
  if (againAt === undefined) return false;
  const aheadMs = Math.min(AHEAD * (againAt - at), MOST_AHEAD_MS);
  return now >= againAt - aheadMs && now <= againAt + LATE_MS;
}

/** Answers all who wait, and asks about those who will soon. */
function flush(group: Group, now: number): void {
  const { waiting, members } = group;
  group.waiting = [];
  const soon = [...members.values()].filter((member) => !member.answer && isAwaited(member, now));
  for (let from = 0; from < waiting.length; from += MOST) {
    const part = waiting.slice(from, from + MOST);
    askTogether(part, soon.splice(0, MOST - part.length));
  }
  for (const [name, { at, againAt = 0 }] of members) {
    if (now - at <= COMPANY_MS) break;
    if (now > againAt + LATE_MS) members.delete(name);
  }
}

/** One query for those who wait and those who will ask soon. */
function askTogether(waiting: readonly Waiting[], soon: readonly Member[]): void {
  const [first] = waiting;
  if (!first) return;
  const models = [...waiting.map(({ question }) => question.model), ...soon.map(({ model }) => model)];
  const answer = models.length > 1 ? first.question.provider.series?.(textFor(models, first)) : undefined;
  // whoever it is for may never come
  answer?.catch(() => undefined);
  for (const { question, shared, resolve } of waiting)
    resolve(answer ? answer.then(...readers(question, shared)) : question.alone());
  if (answer) for (const member of soon) member.answer = answer;
}

/** The query with every name in the place of one. */
function textFor(models: readonly QueryModel[], { question, shared }: Waiting): string {
  const names = Object.values(shared.labels).map((name) => [
    name,
    [...new Set(models.map((model) => model[name]))].toSorted().join('|'),
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
