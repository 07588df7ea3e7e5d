import { createOutbox } from '../../lib/engine/outbox.js';
import { sleep } from '../../lib/ports/clock.js';
import { VirtualClock } from './virtualClock.js';

const key = 'test/podinfo alert chat';

/** An outbox whose receiver of one message answers after so long. */
function posted(takesMs: number) {
  const clock = new VirtualClock();
  const outbox = createOutbox({ clock, attempts: 1, firstRetryMs: 500, limit: 10 });
  const world = { arrived: false, settled: false };
  outbox.post(key, {
    send: async () => {
      await sleep(clock, takesMs);
      world.arrived = true;
    },
    retry: () => false,
    lost: () => undefined,
  });
  const settle = (prefix: string) =>
    void outbox.settle(prefix, 3_000).then(() => {
      world.settled = true;
    });
  return { clock, world, settle };
}

describe('an outbox', () => {
  it('is settled when what was posted has arrived', async () => {
    const { clock, world, settle } = posted(1_000);
    settle('test/podinfo alert ');
    await clock.advance(900);
    expect(world).toEqual({ arrived: false, settled: false });
    await clock.advance(200);
    expect(world).toEqual({ arrived: true, settled: true });
  });

  it('is waited for no longer than the limit', async () => {
    const { clock, world, settle } = posted(60_000);
    settle('test/podinfo alert ');
    await clock.advance(3_100);
    expect(world).toEqual({ arrived: false, settled: true });
  });

  it('waits for nothing that was posted under other keys', async () => {
    const { clock, world, settle } = posted(60_000);
    settle('test/podinfo-2 alert ');
    await clock.advance(1);
    expect(world.settled).toBe(true);
  });
});
