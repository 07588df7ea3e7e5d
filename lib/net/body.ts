/** No answer that perch asks for is longer: what is, is a mistake of the other side. */
export const BODY_LIMIT = 1024 * 1024;

/** The body as UTF-8 text, cut after BODY_LIMIT bytes; leaving the loop early closes the connection. */
export async function readBody(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let room = BODY_LIMIT;
  for await (const chunk of chunks) {
    kept.push(chunk.subarray(0, room));
    room -= chunk.length;
    if (room <= 0) break;
  }
  return Buffer.concat(kept).toString('utf8');
}
