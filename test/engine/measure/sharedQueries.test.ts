import { PerchError } from '../../../lib/api/errors.js';
import { createSharedQueries } from '../../../lib/engine/measure/sharedQueries.js';
import { queries } from '../../../lib/metrics/queries.js';
import type { Measurement, QueryModel, Series } from '../../../lib/ports/metrics.js';
import { settle, VirtualClock } from '../virtualClock.js';

function failure(code: string): PerchError {
  return new PerchError({ code, message: code, remedy: '' });
}

/** A metrics server that says 100 of every Ingress but of those that it knows nothing of. */
function asking({ refuses, unknown = [] }: { refuses?: PerchError; unknown?: readonly string[] } = {}) {
  const clock = new VirtualClock();
  const shared = createSharedQueries(clock);
  const together: string[] = [];
  const alone: string[] = [];
  const series = async (query: string): Promise<readonly Series[]> => {
    together.push(query);
    if (refuses) throw refuses;
    const [, names = ''] = /ingress=~"([^"]*)"/.exec(query) ?? [];
    return names
      .split('|')
      .filter((ingress) => !unknown.includes(ingress))
      .map((ingress) => ({
        labels: { namespace: 'test', ingress },
        measurement: { kind: 'value', value: Number(ingress.replace(/\D/g, '')) },
      }));
  };
  const ask = (name: string, interval = '1m'): Promise<Measurement> => {
    const all = { name, target: name, service: name, ingress: name, route: name };
    const model: QueryModel = { ...all, namespace: 'test', interval, variables: {} };
    return shared.ask({
      address: 'http://prometheus',
      provider: {
        query: () => Promise.reject(new Error('not asked')),
        series,
        online: () => Promise.resolve(),
      },
      model,
      shared: queries.builtin('nginx', 'request-success-rate').shared,
      render: queries.render,
      alone: async () => {
        alone.push(name);
        return { kind: 'value', value: -1 };
      },
    });
  };
  return { ask, clock, together, alone };
}

/** Two canaries have asked before, so that both know of company. */
async function inCompany(options?: Parameters<typeof asking>[0]) {
  const asked = asking(options);
  const before = [asked.ask('app-1'), asked.ask('app-2'), asked.ask('app-3')];
  await asked.clock.advance(10_000);
  await Promise.allSettled(before);
  asked.together.length = 0;
  asked.alone.length = 0;
  return asked;
}

/** Three have asked every 10 s, each 300 ms after the one before; the first is about to ask again. */
async function known() {
  const asked = asking();
  for (let time = 0; time < 2; time++) {
    for (const name of ['app-1', 'app-2', 'app-3']) {
      const answer = asked.ask(name);
      await asked.clock.advance(300);
      await answer;
    }
    await asked.clock.advance(9_100);
  }
  asked.together.length = 0;
  asked.alone.length = 0;
  return asked;
}

describe('canaries that ask the same metric', () => {
  it('at the same moment are answered from one query, each with its own value', async () => {
    const { ask, clock, together, alone } = await inCompany();
    const answers = Promise.all([ask('app-1'), ask('app-2'), ask('app-3')]);
    await clock.advance(50);
    expect(await answers).toEqual([1, 2, 3].map((value) => ({ kind: 'value', value })));
    expect(together).toHaveLength(1);
    expect(alone).toEqual([]);
  });

  it('and have no series are told so, as by a query of their own', async () => {
    const { ask, clock } = await inCompany({ unknown: ['app-2'] });
    const answers = Promise.all([ask('app-1'), ask('app-2')]);
    await clock.advance(50);
    expect((await answers)[1]).toEqual({ kind: 'noData', detail: 'no values found' });
  });

  it('are many are asked about in parts, so that no URL grows too long', async () => {
    const { ask, clock, together } = await inCompany();
    const answers = Promise.all(Array.from({ length: 250 }, (_, index) => ask(`app-${index}`)));
    await clock.advance(50);
    expect((await answers)[249]).toEqual({ kind: 'value', value: 249 });
    expect(together).toHaveLength(3);
    expect(Math.max(...together.map((query) => query.length))).toBeLessThan(6_000);
  });

  it('over other windows are not answered from one query', async () => {
    const { ask, clock, together, alone } = await inCompany();
    const answers = Promise.all([ask('app-1'), ask('app-2'), ask('app-3', '5m')]);
    await clock.advance(50);
    await answers;
    expect(together).toHaveLength(1);
    expect(together[0]).toContain('[1m]');
    expect(alone).toEqual(['app-3']);
  });

  it('one after the other are answered from the query of the first, once it is known when they come', async () => {
    const { ask, clock, together, alone } = await known();
    const answers: Promise<Measurement>[] = [];
    for (const name of ['app-1', 'app-2', 'app-3']) {
      answers.push(ask(name));
      await clock.advance(300);
    }
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map((value) => ({ kind: 'value', value })));
    expect(together).toHaveLength(1);
    expect(alone).toEqual([]);
  });

  it('later than they used to get no value that has grown old', async () => {
    const { ask, clock, together, alone } = await known();
    const first = ask('app-1');
    await clock.advance(300 + 501);
    const late = ask('app-2');
    await clock.advance(50);
    await Promise.all([first, late]);
    expect(together).toHaveLength(1);
    expect(alone).toEqual(['app-2']);
  });

  it('each ask alone what a server refuses to answer for all', async () => {
    const { ask, clock, alone } = await inCompany({ refuses: failure('METRIC_HTTP_STATUS') });
    const answers = Promise.all([ask('app-1'), ask('app-2')]);
    await clock.advance(50);
    expect(await answers).toEqual([-1, -1].map((value) => ({ kind: 'value', value })));
    expect(alone).toEqual(['app-1', 'app-2']);
  });

  it('need not each find out that nobody listens', async () => {
    const { ask, clock, alone } = await inCompany({ refuses: failure('NET_CONNECTION') });
    const answers = Promise.allSettled([ask('app-1'), ask('app-2')]);
    await clock.advance(50);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(alone).toEqual([]);
  });
});

describe('a canary', () => {
  it('without company is not kept waiting', async () => {
    const { ask, clock, alone } = asking();
    await ask('app-1');
    await clock.advance(10_000);
    await ask('app-1');
    expect(alone).toEqual(['app-1', 'app-1']);
    expect(clock.pending).toBe(0);
  });

  it('whose company has gone is not kept waiting', async () => {
    const { ask, clock, alone } = await inCompany();
    await clock.advance(60_000);
    await ask('app-1');
    expect(alone).toEqual(['app-1']);
  });

  it('whose name means more than itself in a regular expression asks alone', async () => {
    const { ask, alone, together } = await inCompany();
    await ask('app.v1');
    await settle();
    expect(alone).toEqual(['app.v1']);
    expect(together).toEqual([]);
  });
});
