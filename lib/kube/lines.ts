/**
 * Cuts a stream of bytes into its lines, whatever the pieces it arrives in: a piece may end inside a line, inside
 * a JSON string, or inside a UTF-8 sequence. What follows the last newline is dropped when the stream ends: an
 * event whose end never came cannot be trusted.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  const take = (last: Uint8Array): string => {
    const line = Buffer.concat([...pending, last]).toString('utf8');
    pending = [];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = take(chunk.subarray(start, end));
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  }
}
