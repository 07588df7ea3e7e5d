export interface PerchErrorDetails {
  /** One of the codes of docs/errors.md. */
  readonly code: string;
  /** What was expected and what was given. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Where: a construct path, a field path, a file; joined by the outermost first. */
  readonly path?: string;
  readonly cause?: unknown;
}

/** The only error perch throws on purpose. Its text never holds a Secret's value. */
export class PerchError extends Error {
  override readonly name = 'PerchError';
  readonly code: string;
  readonly remedy: string;
  readonly path: string | undefined;

  constructor(details: PerchErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.remedy = details.remedy;
    this.path = details.path;
    // Test runners show nothing but the stack.
    const { message, stack = '' } = this;
    this.stack = `${this.name}: ${this.toString()}${stack.slice(stack.indexOf(message) + message.length)}`;
  }

  /** For people: place, message, remedy. */
  override toString(): string {
    return `${this.path ? `${this.path}: ` : ''}${this.message}\n  remedy: ${this.remedy} [${this.code}]`;
  }
}
