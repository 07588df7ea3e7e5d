import { Agent, type IncomingMessage, request } from 'node:http';

export interface Answer {
  readonly status: number;
  /** Name of the pod that answered; undefined when the proxy did so itself. */
  readonly pod: string | undefined;
  readonly setCookies: readonly string[];
}

export interface Asking {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A user agent that keeps its connections. */
export interface Client {
  ask(what?: Asking): Promise<Answer>;
  /** Requests that were sent again since a kept connection had been closed meanwhile: what every HTTP client does. */
  readonly repeated: number;
  close(): void;
}

const TIMEOUT_MS = 15_000;

/** Asks the proxy at the address for the host, over so many connections at most. */
export function createClient(address: string, host: string, connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let repeated = 0;
  const send = ({ path = '/', headers = {} }: Asking): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: address, port: 80, path, agent, headers: { ...headers, host } });
      sent.setTimeout(TIMEOUT_MS, () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(answerOf(response)));
        response.on('error', reject);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (!sent.reusedSocket || error.code !== 'ECONNRESET') return reject(error);
        repeated += 1;
        send({ path, headers }).then(resolve, reject);
      });
      sent.end();
    });
  return {
    ask: (what = {}) => send(what),
    get repeated() {
      return repeated;
    },
    close: () => agent.destroy(),
  };
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Answer {
  const pod = headers['x-pod'];
  return {
    status: statusCode,
    pod: Array.isArray(pod) ? pod[0] : pod,
    setCookies: headers['set-cookie'] ?? [],
  };
}
