/** A hook's body is some hundred bytes, and a command that Linux starts at most 128 KiB. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * The body as text; undefined when it is longer than the limit. It is gathered in one buffer, since a body that
 * comes byte by byte would take a hundred times its size in pieces: so all connections together take no more than
 * the limit times their number.
 */
export async function readBody(chunks: AsyncIterable<Buffer>): Promise<string | undefined> {
  const body = Buffer.allocUnsafe(BODY_LIMIT_BYTES);
  let length = 0;
  for await (const chunk of chunks) {
    // what does not fit is left out
    chunk.copy(body, length);
    length += chunk.length;
  }
  return length > BODY_LIMIT_BYTES ? undefined : body.toString('utf8', 0, length);
}
