/** What a client asked, free of the HTTP server. */
export interface Question {
  /** Path of the URL, without its query. */
  readonly path: string;
  /** Reads the body, which is done only for who may ask; undefined when it is too long. */
  readonly body: () => Promise<string | undefined>;
  /** The Authorization header. */
  readonly authorization?: string | undefined;
}

/** What it is told. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** @default text/plain; charset=utf-8 */
  readonly contentType?: string;
}

/** An answer of plain text, empty by default. */
export function answer(status: number, body = ''): Answer {
  return { status, body };
}
