import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type CommandOptions, runProgram } from './command.ts';

/** The cluster under test, by kubectl. */
export interface Kubectl {
  (args: readonly string[], options?: CommandOptions): Promise<string>;
  /** The object at a path of the API. */
  get<T>(path: string): Promise<T>;
  /** Calls a Service (`name` or `name:port`, else port 80) through the API server's proxy, so that it works from wherever kubectl does. */
  service(namespace: string, name: string, path: string, body?: unknown): Promise<string>;
  /** Calls `onEvent` for each object there is and each change; returns what ends it. */
  watch<T>(path: string, onEvent: (event: { type: string; object: T }) => void): () => void;
}

export function createKubectl(env: Readonly<Record<string, string>>): Kubectl {
  const call = (args: readonly string[], options: CommandOptions = {}) =>
    runProgram('kubectl', args, { ...options, env });
  return Object.assign(call, {
    get: async <T>(path: string) => JSON.parse(await call(['get', '--raw', path])) as T,
    service(namespace: string, name: string, path: string, body?: unknown) {
      const url = `/api/v1/namespaces/${namespace}/services/${name.includes(':') ? name : `${name}:80`}/proxy${path}`;
      return body === undefined
        ? call(['get', '--raw', url])
        : call(['create', '--raw', url, '-f', '-'], { input: JSON.stringify(body) });
    },
    watch<T>(path: string, onEvent: (event: { type: string; object: T }) => void) {
      let ended = false;
      let child: ReturnType<typeof spawn> | undefined;
      const open = () => {
        child = spawn('kubectl', ['get', '--raw', path], {
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        createInterface({ input: child.stdout! }).on('line', (line) => onEvent(JSON.parse(line)));
        // the API server ends every watch after a while
        child.on('close', () => {
          if (!ended) open();
        });
      };
      open();
      return () => {
        ended = true;
        child?.kill();
      };
    },
  });
}
