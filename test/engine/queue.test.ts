import { createQueue, type QueueOptions, type Requeue } from '../../lib/engine/queue.js';
import { settle, VirtualClock } from './virtualClock.js';

function queueOf(handle: QueueOptions['handle'], concurrency = 1) {
  const clock = new VirtualClock();
  const failures: { key: string; retryInMs: number; error: unknown }[] = [];
  const queue = createQueue({
    clock,
    concurrency,
    handle,
    failed: (key, error, retryInMs) => failures.push({ key, error, retryInMs }),
  });
  return { clock, queue, failures };
}

/** A handler whose passes end when the test says so. */
function manual() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const handle = (key: string) =>
    new Promise<Requeue>((resolve) => {
      begun.push(key);
      ends.push(() => resolve('wait'));
    });
  return { begun, ends, handle };
}

describe('a pass that waits for somebody outside', () => {
  it('leaves its worker to others, and is the only one of its key', async () => {
    let answered = (): void => undefined;
    const done: string[] = [];
    const { queue } = queueOf(async (key, aside) => {
      if (key === 'slow') await aside(() => new Promise<void>((resolve) => (answered = resolve)));
      done.push(key);
      return 'wait';
    });
    queue.start();
    for (const key of ['slow', 'a', 'b', 'slow']) queue.add(key);
    await settle();
    expect(done).toEqual(['a', 'b']);
    answered();
    await settle();
    expect(done).toEqual(['a', 'b', 'slow']);
    answered();
    await settle();
    expect(done).toEqual(['a', 'b', 'slow', 'slow']);
    await queue.stop();
  });

  /** Forty passes that wait for one answer, and then do something that takes long. */
  const crowd = () => {
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const ends: (() => void)[] = [];
    const world = { keys, answer: () => answer(), ends, busy: 0, most: 0, done: 0 };
    const { queue } = queueOf(async (_, aside) => {
      await aside(() => answered);
      world.busy += 1;
      world.most = Math.max(world.most, world.busy);
      await new Promise<void>((resolve) => ends.push(resolve));
      world.busy -= 1;
      world.done += 1;
      return 'wait';
    }, 4);
    queue.start();
    for (const key of keys) queue.add(key);
    return { world, queue };
  };

  it('goes on when a worker is free again: a thousand that were answered at once do not act at once', async () => {
    const { world, queue } = crowd();
    await settle();
    world.answer();
    for (let round = 0; round < world.keys.length; round++) {
      await settle();
      world.ends.shift()?.();
    }
    await settle();
    expect(world).toMatchObject({ most: 4, done: 40 });
    await queue.stop();
  });

  it('ends when the queue stops, though no worker is free', async () => {
    const { world, queue } = crowd();
    await settle();
    world.answer();
    await settle();
    let stopped = false;
    const stopping = queue.stop().then(() => (stopped = true));
    for (let round = 0; round < world.keys.length; round++) {
      await settle();
      world.ends.shift()?.();
    }
    await stopping;
    expect([stopped, world.done]).toEqual([true, 40]);
  });
});

describe('a key that is woken again and again, each time at rest', () => {
  it('is handled at once as often as a release takes, then five times a second', async () => {
    let passes = 0;
    const { clock, queue } = queueOf(async () => {
      passes += 1;
      return 'wait';
    });
    queue.start();
    for (let wake = 0; wake < 500; wake++) {
      queue.add('a');
      await settle();
    }
    expect(passes).toBe(50);
    for (let wake = 0; wake < 100; wake++) {
      await clock.advance(100);
      queue.add('a');
      await settle();
    }
    expect(passes).toBe(100);
  });

  it('is handled for its last wake too, and holds up no other', async () => {
    const handled: string[] = [];
    const { clock, queue } = queueOf(async (key) => {
      handled.push(key);
      return 'wait';
    });
    queue.start();
    for (let wake = 0; wake < 60; wake++) {
      queue.add('a');
      await settle();
    }
    queue.add('b');
    await settle();
    expect(handled.slice(50)).toEqual(['b']);
    await clock.advance(1_000);
    expect(handled.slice(50)).toEqual(['b', 'a']);
  });
});

describe('the queue', () => {
  it('handles a key once, however often it was added before', async () => {
    const { begun, ends, handle } = manual();
    const { queue } = queueOf(handle);
    for (let i = 0; i < 5; i++) queue.add('a');
    queue.start();
    await settle();
    ends[0]?.();
    await settle();
    expect(begun).toEqual(['a']);
  });

  it('handles a key once more when it is added during its pass, and never twice at the same time', async () => {
    const { begun, ends, handle } = manual();
    const { queue } = queueOf(handle, 4);
    queue.start();
    queue.add('a');
    await settle();
    queue.add('a');
    queue.add('a');
    await settle();
    expect(begun).toEqual(['a']);
    ends[0]?.();
    await settle();
    expect(begun).toEqual(['a', 'a']);
  });

  it('handles as many keys at the same time as it may', async () => {
    const { begun, ends, handle } = manual();
    const { queue } = queueOf(handle, 2);
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    ends[1]?.();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('comes back after the time a pass asks for, or sooner when woken', async () => {
    const at: number[] = [];
    const { queue, clock } = queueOf(async () => {
      at.push(clock.now());
      return { afterMs: 10_000 };
    });
    const began = clock.now();
    queue.start();
    queue.add('a');
    await clock.advance(10_000);
    await clock.advance(3_000);
    queue.add('a');
    await clock.advance(9_999);
    expect(at.map((time) => time - began)).toEqual([0, 10_000, 13_000]);
    expect(clock.pending).toBe(1);
  });

  it('backs off from 200 ms to 30 s while passes fail, and starts afresh after a success', async () => {
    let fails = true;
    const { queue, clock, failures } = queueOf(async () => {
      if (fails) throw new Error('no');
      return 'wait';
    });
    queue.start();
    queue.add('a');
    await clock.advance(200_000);
    expect(failures.slice(0, 9).map(({ retryInMs }) => retryInMs)).toEqual([
      200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000,
    ]);
    fails = false;
    await clock.advance(30_000);
    fails = true;
    queue.add('a');
    await settle();
    expect(failures.at(-1)?.retryInMs).toBe(200);
  });

  it('does not let what a failing pass itself stirred up defeat the backoff', async () => {
    let passes = 0;
    const { queue, clock } = queueOf(async (key) => {
      passes += 1;
      queue.add(key);
      throw new Error('no');
    });
    queue.start();
    queue.add('a');
    await clock.advance(199);
    expect(passes).toBe(1);
  });

  it('takes a key that never comes to rest for a failure', async () => {
    const { queue, failures } = queueOf(async () => 'again');
    queue.start();
    queue.add('a');
    for (let i = 0; i < 100 && failures.length === 0; i++) await settle();
    expect(failures[0]?.error).toMatchObject({ code: 'ENGINE_NO_REST' });
    await queue.stop();
  });

  it('stops when the passes under way have ended, and starts no more', async () => {
    const { begun, ends, handle } = manual();
    const { queue, clock } = queueOf(handle);
    queue.start();
    queue.add('a');
    queue.add('b');
    await settle();
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);
    ends[0]?.();
    await stopping;
    await clock.advance(60_000);
    expect(begun).toEqual(['a']);
  });
});
