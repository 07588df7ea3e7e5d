import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import type { Http } from '../../ports/http.js';
import { Answer } from '../answer.js';

const timeoutMs = 5000;

/** What the SDK asks a handler to send; its types have it in many pieces. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends the requests of the AWS SDK through the network port, and keeps what happened. */
export class PortHandler {
  /** The last answer, if one came. */
  answer: Answer | undefined;
  /** Why no answer came to the last request. */
  failure: unknown;

  constructor(private readonly http: Http) {}

  async handle(request: SdkRequest) {
    this.answer = undefined;
    this.failure = undefined;
    try {
      const { status, headers, body } = await this.http.request(translate(request));
      this.answer = new Answer({ status, body });
      return { response: { statusCode: status, headers: { ...headers }, body: Buffer.from(body) } };
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** As the SDK's types want it. */
  get forSdk(): NonNullable<CloudWatchClientConfig['requestHandler']> {
    return this as unknown as NonNullable<CloudWatchClientConfig['requestHandler']>;
  }
}

function translate(request: SdkRequest): Parameters<Http['request']>[0] {
  const { method, protocol, hostname, port, path, query = {}, headers, body } = request;
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) =>
      [values ?? ''].flat().map((value): [string, string] => [name, value]),
    ),
  );
  // The network port writes them itself.
  const { host: _host, 'content-length': _length, ...kept } = headers;
  return {
    method: method as Parameters<Http['request']>[0]['method'],
    url: `${protocol}//${hostname}${port ? `:${port}` : ''}${path}${parameters.size > 0 ? `?${parameters}` : ''}`,
    headers: kept,
    ...(body === undefined ? {} : { body: readBody(body) }),
    timeoutMs,
  };
}

function readBody(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}
