import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * A network of the soak's own, of Linux' network namespaces: programs that run in one of them have a link to this
 * process for the API server, and another for all else.
 */
export interface Network {
  /** Address of this process that every namespace reaches by the link for all else. */
  readonly host: string;
  /** Makes one more namespace. */
  addPlace(): Promise<Place>;
  /** Takes all of it away. */
  close(): void;
}

/** One network namespace. */
export interface Place {
  /** Address of this process at the other end of the link for the API server; reached by no other. */
  readonly apiHost: string;
  /** What to put before a command so that it runs here. */
  readonly enter: readonly string[];
  readonly cable: Cable;
}

/** What a controller reaches the API server by. */
export interface Cable {
  /** Nothing gets through any more, and nobody is told. */
  pull(): Promise<void>;
  plug(): Promise<void>;
}

const ip = async (...words: string[]): Promise<void> => {
  await promisify(execFile)('ip', words);
};

/** Rejects where there are no network namespaces to be had: without `ip`, the rights for it, or Linux. */
export async function openNetwork(): Promise<Network> {
  const name = `ps${process.pid}`;
  const block = process.pid % 512;
  // of the range that RFC 2544 keeps for measurements
  const prefix = `198.${18 + (block >> 8)}.${block & 255}`;
  const undo: string[][] = [];
  const close = () => {
    for (const words of undo.splice(0).toReversed()) execFileSync('ip', words);
  };
  process.on('exit', close);
  const make = async (words: readonly string[], unmake: readonly string[]) => {
    await ip(...words);
    undo.push([...unmake]);
  };
  const bridge = `${name}b`;
  const host = `${prefix}.1`;
  let places = 0;

  const addPlace = async (): Promise<Place> => {
    const index = places++;
    const namespace = `${name}-${index}`;
    const [api, rest] = [`${name}a${index}`, `${name}r${index}`];
    const [outer, inner] = [`${prefix}.${129 + 4 * index}`, `${prefix}.${130 + 4 * index}`];
    await make(['netns', 'add', namespace], ['netns', 'del', namespace]);
    for (const link of [api, rest])
      await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', link, 'netns', namespace);
    await ip('address', 'add', `${outer}/30`, 'dev', api);
    await ip('-n', namespace, 'address', 'add', `${inner}/30`, 'dev', api);
    await ip('link', 'set', rest, 'master', bridge);
    await ip('-n', namespace, 'address', 'add', `${prefix}.${2 + index}/25`, 'dev', rest);
    for (const link of [api, rest]) await ip('link', 'set', link, 'up');
    for (const link of [api, rest, 'lo']) await ip('-n', namespace, 'link', 'set', link, 'up');
    const set = (state: 'up' | 'down') => ip('link', 'set', api, state);
    return {
      apiHost: outer,
      enter: ['ip', 'netns', 'exec', namespace],
      cable: { pull: () => set('down'), plug: () => set('up') },
    };
  };

  try {
    await make(['link', 'add', bridge, 'type', 'bridge'], ['link', 'del', bridge]);
    await ip('address', 'add', `${host}/25`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
    // what there are no rights for shows here, before anything is measured
    await make(['netns', 'add', name], ['netns', 'del', name]);
    await ip('netns', 'exec', name, 'true');
  } catch (error) {
    close();
    throw error;
  }
  return { host, addPlace, close };
}
