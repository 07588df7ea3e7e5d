import { redact } from '../../lib/ports/redact.js';

test.each([
  ['as it is', ['s3cret'], 'no s3cret here', 'no *** here'],
  ['with space around it in its Secret', ['s3cret\n'], 'Bearer s3cret', 'Bearer ***'],
  ['as a URL has it', ['a b&c'], '?key=a%20b%26c', '?key=***'],
  ['as JSON has it', ['a"b'], '{"key":"a\\"b"}', '{"key":"***"}'],
  ['and begins with another', ['admin', 'admin-Tr0ub4dor'], 'admin-Tr0ub4dor of admin', '*** of ***'],
  ['or is not there', [undefined, '', 'x'], 'an axe', 'an axe'],
])('a secret that stands in a text %s is crossed out', (_how, secrets, text, shown) => {
  expect(redact(text, secrets)).toBe(shown);
});
