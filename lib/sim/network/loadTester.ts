import { parseDuration } from '../../api/duration.js';
import type { HttpResponse } from '../../ports/http.js';
import { type ProgramWorld, runCommand } from './programs.js';

type Metadata = Readonly<Record<string, string>>;

interface Payload {
  readonly name?: string;
  readonly namespace?: string;
  readonly metadata?: Metadata;
}

function answer(status: number, body = ''): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

const forbidden = answer(403, 'Forbidden');

/** Flagger's load tester: gates in memory, commands run by the virtual programs. */
export class LoadTester {
  private readonly open = new Set<string>();
  private readonly running = new Set<string>();

  constructor(private readonly programs: ProgramWorld) {}

  async handle(path: string, body: string | undefined): Promise<HttpResponse> {
    if (path === '/healthz') return answer(200, 'OK');
    if (path === '/gate/approve') return answer(200, 'OK');
    if (path === '/gate/halt') return forbidden;
    const payload = parse(body);
    if (!payload) return answer(400);
    const [, family = '', action = ''] = path.split('/');
    if (family === 'gate' || family === 'rollback') return this.gate(family, action, payload);
    return path === '/' ? this.task(payload) : answer(404, '404 page not found\n');
  }

  private gate(family: string, action: string, { name, namespace }: Payload): HttpResponse {
    const key = `${family}.${name}.${namespace}`;
    if (action === 'check') return this.open.has(key) ? answer(200, 'Approved') : forbidden;
    if (action === 'open') this.open.add(key);
    else if (action === 'close') this.open.delete(key);
    else return answer(404, '404 page not found\n');
    return answer(202);
  }

  private async task({ name, namespace, metadata = {} }: Payload): Promise<HttpResponse> {
    if (Object.keys(metadata).length === 0) return answer(400, 'metadata not found in payload');
    const { type = 'cmd', cmd } = metadata;
    if (type === 'load') return this.load(`${name}.${namespace} load ${metadata.url}`, metadata);
    if (cmd === undefined) return answer(400, 'cmd not found in metadata');
    if (type === 'cmd') return this.start(`${name}.${namespace} ${cmd}`, cmd);
    const program = { bash: '', helm: 'helm ', helmv3: 'helm ', kubectl: 'kubectl ' }[type];
    if (program === undefined) return answer(400, `unknown task type ${type}`);
    const { code, output } = await runCommand(program + cmd, this.programs);
    if (code !== 0) return answer(500, `command ${cmd} failed: ${output}: exit status ${code}`);
    return answer(200, metadata.returnCmdOutput === 'true' ? output : '');
  }

  /** Requests without a program. */
  private load(key: string, { url = '', host, rate = '10', duration = '1m' }: Metadata): HttpResponse {
    if (!URL.canParse(url)) return answer(400, 'metadata.url: expected a URL');
    const lasting = parseDuration(duration);
    if (this.running.has(key)) return answer(202);
    this.running.add(key);
    const startMs = this.programs.now();
    this.programs.load(url, { requestsPerSecond: Number(rate), startMs, endMs: startMs + lasting }, host);
    void this.programs.sleep(lasting).then(() => this.running.delete(key));
    return answer(202);
  }

  /** Asynchronous; the same command of the same canary is not started while it still runs. */
  private start(key: string, command: string): HttpResponse {
    if (this.running.has(key)) return answer(202);
    this.running.add(key);
    const until = runtimeMs(command);
    const done = runCommand(command, this.programs).then(() => this.programs.sleep(until));
    done.then(
      () => this.running.delete(key),
      () => this.running.delete(key),
    );
    return answer(202);
  }
}

/** How long the load of a command lasts: the longest `-z` in it. */
function runtimeMs(command: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
  const spans = [...command.matchAll(/-z\s*(\d+)([smh])/g)].map(
    ([, amount, unit]) => Number(amount) * units[unit!]!,
  );
  return Math.max(0, ...spans);
}

function parse(body: string | undefined): Payload | undefined {
  try {
    return JSON.parse(body ?? '') as Payload;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
