import { Answer } from '../../lib/metrics/answer.js';

test.each([
  ['begins with another', ['admin', 'admin-Tr0ub4dor'], 'wrong password admin-Tr0ub4dor for admin'],
  ['is long and stands there twice', ['k3y'.repeat(1000)], 'k3y'.repeat(2000)],
])('no part of a secret is quoted that %s', (_how, secrets, body) => {
  expect(new Answer({ status: 401, body }, secrets).quote()).not.toMatch(/Tr0ub4dor|k3y/);
});
