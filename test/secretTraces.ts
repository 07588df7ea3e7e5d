/** What a Secret's value may have become on its way out. */
export function tracesOf(value: string): string[] {
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('hex'),
    ...[0, 1, 2].map((before) => base64Behind(before, value)),
  ];
}

/** Its base64 behind so many other bytes and before any, without the letters that it shares with these. */
function base64Behind(before: number, value: string): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
