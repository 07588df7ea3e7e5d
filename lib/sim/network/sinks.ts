import type { HttpRequest, HttpResponse } from '../../ports/http.js';

/** Something that was posted to the outside, such as an alert. */
export interface Posted {
  /** Epoch ms. */
  readonly at: number;
  readonly host: string;
  /** HTTP proxy it went through. */
  readonly proxy?: string;
  readonly body: string;
}

/** Hosts outside the cluster that take what is posted to them, and remember it. */
export class Sinks {
  private readonly hosts: (string | RegExp)[] = [
    /\.webhook\.office\.com$/,
    /\.logic\.azure\.com$/,
    'hooks.slack.com',
  ];
  private readonly received: Posted[] = [];

  add(host: string | RegExp): void {
    this.hosts.push(host);
  }

  posts(): readonly Posted[] {
    return this.received;
  }

  /** The answer, or undefined when the host is none of the sinks. `url` is the request's. */
  handle({ hostname: host }: URL, request: HttpRequest, at: number): HttpResponse | undefined {
    if (!this.hosts.some((known) => (typeof known === 'string' ? known === host : known.test(host))))
      return undefined;
    const proxy = request.proxy && { proxy: request.proxy };
    this.received.push({ at, host, ...proxy, body: request.body ?? '' });
    return { status: 200, headers: {}, body: 'ok' };
  }
}
