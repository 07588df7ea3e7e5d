import { parseDuration } from '../../api/duration.js';
import type { TrafficSource } from '../models/traffic.js';
import { parseCommand } from './shell.js';

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** What the programs in a load tester's pod can do to the world. */
export interface ProgramWorld {
  /** Epoch ms. */
  now(): number;
  /** One request; the body, or why there was none. `host` is its Host header, where that is not the URL's. */
  fetch(
    url: string,
    host?: string,
  ): { readonly status: number; readonly body: string } | { readonly failure: string };
  /** Starts traffic to a URL, with another Host header if given. False when nobody has that name. */
  load(url: string, source: Omit<TrafficSource, 'host' | 'path' | 'service'>, host?: string): boolean;
  sleep(ms: number): Promise<void>;
}

type Program = (words: readonly string[], input: string, world: ProgramWorld) => Outcome | Promise<Outcome>;

/** The value after an option, also when written without a space (`-z1m`). */
function option(words: readonly string[], name: string): string | undefined {
  const index = words.findIndex((word) => word.startsWith(name));
  if (index < 0) return undefined;
  return words[index] === name ? words[index + 1] : words[index]!.slice(name.length);
}

/** Those of `-H 'Name: value'`, names in lower case. */
function headersIn(words: readonly string[]): Record<string, string> {
  const given = words.filter((_, index) => ['-H', '--header'].includes(words[index - 1] ?? ''));
  const pairs = given.map((header) => /^([^:]+):\s*(.*)$/.exec(header));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]!.toLowerCase(), pair[2]!]] : [])));
}

/** The words that are neither options nor the value of one of `taking`. */
function operands(words: readonly string[], taking: ReadonlySet<string>): string[] {
  return words.filter((word, index) => !word.startsWith('-') && !taking.has(words[index - 1] ?? ''));
}

function urlIn(words: readonly string[]): string {
  const url = words.findLast((word) => word.includes('/') || word.includes('.')) ?? '';
  return url.includes('://') ? url : `http://${url}`;
}

const withValue = new Set([
  '-H',
  '--header',
  '-host',
  '-m',
  '-X',
  '--request',
  '-d',
  '--data',
  '-o',
  '-A',
  '-T',
  '-a',
]);

/** hey's own default without `-z`: 200 requests by 50 workers; without `-q` a worker asks about 50 times a second. */
const hey: Program = (words, _input, world) => {
  const workers = Number(option(words, '-c') ?? 50);
  const perWorker = Number(option(words, '-q') ?? 50);
  const requestsPerSecond = workers * perWorker;
  const lasts = option(words, '-z');
  const durationMs = lasts
    ? parseDuration(lasts)
    : (Number(option(words, '-n') ?? 200) / requestsPerSecond) * 1000;
  const startMs = world.now();
  // Only `-host` sets the Host header: hey's `-H` cannot, and curl's can.
  const { host: _, ...headers } = headersIn(words);
  const source = { requestsPerSecond, startMs, endMs: startMs + durationMs, headers };
  const reached = world.load(urlIn(operands(words, withValue)), source, option(words, '-host'));
  return reached ? { code: 0, output: 'Summary:' } : { code: 1, output: 'Error distribution: no such host' };
};

const curl: Program = (words, _input, world) => {
  const answer = world.fetch(urlIn(operands(words, withValue)), headersIn(words).host);
  if ('failure' in answer) return { code: 7, output: `curl: (7) ${answer.failure}` };
  const failing = words.some((word) => /^-[a-zA-Z]*f|^--fail/.test(word)) && answer.status >= 400;
  return failing
    ? { code: 22, output: `curl: (22) The requested URL returned error: ${answer.status}` }
    : { code: 0, output: answer.body };
};

const grep: Program = (words, input) => {
  const inverted = words.includes('-v');
  const pattern = new RegExp(
    words.find((word) => !word.startsWith('-')) ?? '',
    words.includes('-i') ? 'i' : '',
  );
  const found = input.split('\n').filter((line) => pattern.test(line) !== inverted && line !== '');
  return { code: found.length > 0 ? 0 : 1, output: words.includes('-q') ? '' : found.join('\n') };
};

const programs: Readonly<Record<string, Program>> = {
  hey,
  curl,
  grep,
  echo: (words) => ({ code: 0, output: words.join(' ') }),
  true: () => ({ code: 0, output: '' }),
  false: () => ({ code: 1, output: '' }),
  exit: ([code]) => ({ code: Number(code ?? 0), output: '' }),
  sleep: async ([seconds], _input, world) => {
    await world.sleep(Number.parseFloat(seconds ?? '0') * 1000);
    return { code: 0, output: '' };
  },
};

/** Runs a command line. A program that the virtual load tester does not have ends it with 127, as bash does. */
export async function runCommand(command: string, world: ProgramWorld): Promise<Outcome> {
  let outcome: Outcome = { code: 0, output: '' };
  for (const pipeline of parseCommand(command)) {
    outcome = { code: 0, output: '' };
    for (const [name = '', ...rest] of pipeline) {
      const program = programs[name];
      outcome = program
        ? await program(rest, outcome.code === 0 ? outcome.output : '', world)
        : { code: 127, output: `bash: line 1: ${name}: command not found` };
    }
    if (outcome.code !== 0) return outcome;
  }
  return outcome;
}
