/** An event of a text/event-stream. */
interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of a stream (WHATWG server-sent events); lines that are none of theirs are passed over. */
export function readEvents(text: string): StreamEvent[] {
  return text
    .split(/(?:\r\n|\r|\n){2,}/)
    .map((block) => {
      const lines = block.split(/\r\n|\r|\n/);
      return {
        event: valuesOf(lines, 'event').at(-1) ?? 'message',
        data: valuesOf(lines, 'data').join('\n'),
      };
    })
    .filter(({ data }) => data !== '');
}

function valuesOf(lines: readonly string[], name: string): string[] {
  return lines
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim());
}
