export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange, body included. */
  readonly timeoutMs: number;
  /** Skip verification of the server's certificate. @default false */
  readonly insecureSkipVerify?: boolean;
  /** May go to a link-local address, where clouds keep credentials: only for who is there to fetch them. @default false */
  readonly metadataAddresses?: boolean;
  /** HTTP proxy for every scheme, as a URL. */
  readonly proxy?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 1 MiB; what is longer is cut. */
  readonly body: string;
}

/**
 * The network, as the engine, the metric providers and the notifiers see it.
 * A transport failure or a time-out rejects with a PerchError; every HTTP status resolves.
 */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>;
}
