import { fstatSync, writeSync } from 'node:fs';

export interface LogOutput {
  /** Writes a line, or loses it: a full disk must not end a release. */
  readonly write: (line: string) => void;
  /** Lines lost so far. */
  readonly lost: () => number;
}

/**
 * Lines to where logs go. What cannot be written there is counted, and said as soon as something can be written again; a
 * stream of Node's would end the process instead, or stay silent for ever. `send` takes bytes and returns how many it took.
 */
export function createLogOutput(send: (bytes: Uint8Array) => number): LogOutput {
  let lost = 0;
  let unsaid = 0;
  let why = '';
  const attempt = (line: string): boolean => {
    let bytes: Uint8Array = Buffer.from(line);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(send(bytes));
      return true;
    } catch (error) {
      why = (error as NodeJS.ErrnoException).code ?? String(error);
      return false;
    }
  };
  return {
    write(line) {
      if (unsaid > 0 && attempt(`${unsaid} lines of this log are lost: ${why}\n`)) unsaid = 0;
      if (attempt(line)) return;
      lost += 1;
      unsaid += 1;
    },
    lost: () => lost,
  };
}

const STANDARD_ERROR = 2;

/**
 * A pipe or a terminal is written to through Node's stream, which waits for its reader; a file directly, as that stream
 * does not outlive a full disk.
 */
export function sendToStandardError(): (bytes: Uint8Array) => number {
  const { stderr } = process;
  const place = fstatSync(STANDARD_ERROR);
  if (place.isFile() || (place.isCharacterDevice() && !stderr.isTTY))
    return (bytes) => writeSync(STANDARD_ERROR, bytes);
  let broken: Error | undefined;
  stderr.on('error', (error) => {
    broken = error;
  });
  return (bytes) => {
    if (broken) throw broken;
    stderr.write(bytes);
    return bytes.length;
  };
}
