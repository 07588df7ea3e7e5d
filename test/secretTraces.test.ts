import { tracesOf } from './secretTraces.js';

const value = 'pass/"word"';
const shows = (text: string) => tracesOf(value).some((trace) => text.includes(trace));
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the traces of a value', () => {
  it.each([
    ['as it is', `it is ${value}`],
    ['in a JSON text', JSON.stringify({ value })],
    ['in an address', `https://host/?key=${encodeURIComponent(value)}`],
    ['in base64', base64(value)],
    ['in base64 behind a user', base64(`me:${value}`)],
    ['in base64 in the middle of something', base64(`https://host/${value}/more`)],
    ['in hexadecimal digits', Buffer.from(value).toString('hex')],
  ])('are found %s', (_, text) => {
    expect(shows(text)).toBe(true);
  });

  it('are not found in another value', () => {
    expect(shows(`${base64('pass/word')} pass/word`)).toBe(false);
  });
});
