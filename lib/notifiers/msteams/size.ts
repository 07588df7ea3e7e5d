import type { Alert } from '../../ports/notifier.js';

/** Teams refuses messages above 28 KB; bytes of JSON. */
const mostBytes = 28_000;

const lengths = [Number.POSITIVE_INFINITY, 8000, 2000, 500, 120];
const shortest = 40;
const mostFields = 50;

/** The card of as much of the alert as fits into one message: long texts are cut, then what is too many fields dropped. */
export function fitCard(alert: Alert, draw: (alert: Alert) => unknown): unknown {
  for (const length of lengths) {
    const card = draw(shorten(alert, length));
    if (Buffer.byteLength(JSON.stringify(card)) <= mostBytes) return card;
  }
  const short = shorten(alert, shortest);
  const more = { name: '…', value: `${short.fields.length - mostFields} more` };
  return draw(
    short.fields.length > mostFields
      ? { ...short, fields: [...short.fields.slice(0, mostFields), more] }
      : short,
  );
}

function shorten(alert: Alert, length: number): Alert {
  const fields = alert.fields.map(({ name, value }) => ({
    name: cut(name, length),
    value: cut(value, length),
  }));
  return { ...alert, message: cut(alert.message, length), fields };
}

/** Cut between characters, never within one. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
