import { PerchError } from '../api/errors.js';
import { matchers, type RolloutMatchers } from './matchers.js';

declare global {
  namespace jest {
    interface Matchers<R> extends RolloutMatchers<R> {}
  }
}

const { expect } = globalThis as { expect?: { extend(matchers: object): void } };
if (!expect)
  throw new PerchError({
    code: 'TESTING_NO_EXPECT',
    message: 'expected a test runner with a global `expect`, found none',
    remedy:
      'import perch/testing/jest from a jest test, or call expect.extend(matchers) with those of perch/testing',
  });
expect.extend(matchers);
