/** Collects what a command prints, keeping its beginning and its end when there is too much. */
export interface Output {
  add(chunk: Buffer): void;
  text(): string;
}

/** `limitBytes`: the most that is kept, at least 2. */
export function createOutput(limitBytes: number): Output {
  const half = Math.floor(limitBytes / 2);
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let dropped = 0;
  return {
    add(chunk) {
      const room = half - head.length;
      head = room > 0 ? Buffer.concat([head, chunk.subarray(0, room)]) : head;
      const rest = Buffer.concat([tail, chunk.subarray(Math.max(room, 0))]);
      const excess = Math.max(rest.length - half, 0);
      dropped += excess;
      tail = rest.subarray(excess);
    },
    text: () =>
      dropped === 0
        ? Buffer.concat([head, tail]).toString()
        : `${head.toString()}\n[${dropped} bytes left out]\n${tail.toString()}`,
  };
}
