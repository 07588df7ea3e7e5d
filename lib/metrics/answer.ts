import { PerchError } from '../api/errors.js';
import type { HttpResponse } from '../ports/http.js';
import type { Measurement } from '../ports/metrics.js';
import { redact } from '../ports/redact.js';
import { refusal } from './refusal.js';
import { statusLine } from './statusText.js';

/** Characters of an answer that a message quotes; an event holds 1024. */
const quoted = 600;

/** Statuses of a server that is starting or overloaded, and of a proxy that does not find it. */
export const busy: readonly number[] = [429, 502, 503, 504];

/** What a vendor's server answered. Messages quote it, without what the Secret holds. */
export class Answer {
  readonly status: number;
  /** At most 1 MiB. */
  readonly body: string;

  constructor(
    { status, body }: Pick<HttpResponse, 'status' | 'body'>,
    private readonly secrets: readonly string[] = [],
  ) {
    this.status = status;
    this.body = body;
  }

  /** This answer, unless its status says that the server refused or failed. */
  requireStatus(accepts: (status: number) => boolean = (status) => status === 200): this {
    if (accepts(this.status)) return this;
    throw new PerchError({
      code: busy.includes(this.status) ? 'METRIC_BUSY' : 'METRIC_HTTP_STATUS',
      message: `error response: Status ${statusLine(this.status)}: ${this.quote()}`,
      ...refusal(this.status),
    });
  }

  json(): unknown {
    try {
      return JSON.parse(this.body);
    } catch {
      // The parser's error quotes the text, and with it what must not be shown.
      throw this.unreadable('expected JSON, given');
    }
  }

  /** The outcome of an answer that is well formed and holds no value; Flagger's text, which ends in `no values found`. */
  noValues(): Measurement {
    return { kind: 'noData', detail: `invalid response: ${this.quote()}: no values found` };
  }

  /** The error of an answer that is not what the vendor documents. */
  unreadable(what: string): PerchError {
    return new PerchError({
      code: 'METRIC_ANSWER',
      message: `error unmarshaling result: ${what}: ${this.quote()}`,
      remedy: 'the address has to be the API of this type of provider, and the query one that gives a number',
      path: 'spec.provider.address',
    });
  }

  /** As much of `text`, the body unless given, as a message may show. */
  quote(text = this.body): string {
    const shown = redact(text, this.secrets);
    return shown.length > quoted ? `${shown.slice(0, quoted)}…` : shown;
  }
}

/** A member of an object; undefined of what is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** An element of an array, from its end when negative; undefined of what is none. */
export function element(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value.at(index) : undefined;
}
