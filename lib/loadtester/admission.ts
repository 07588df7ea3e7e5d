import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, answer } from './answer.js';

/**
 * Says whether who asks may: undefined when so, else what it is told. At once: while it waited, bodies of strangers
 * would gather in memory, in chunks of a byte if they like.
 */
export type Admission = (authorization: string | undefined) => Answer | undefined;

/** Everybody may, as with Flagger's load tester. */
export const admitAnybody: Admission = () => undefined;

/**
 * Whoever holds the token whose SHA-256 `readDigest` gives, in hexadecimal. It is read for every request, so a new
 * one counts at once; the load tester itself never knows the token.
 */
export function admitByToken(readDigest: () => string): Admission {
  return (authorization) => {
    const expected = Buffer.from(readDigest().trim(), 'hex');
    if (expected.length !== 32) return refusal('the load tester has been given no digest of a token yet');
    const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return refusal('expected a header Authorization: Bearer <token>');
    const given = createHash('sha256').update(token).digest();
    return timingSafeEqual(given, expected) ? undefined : refusal('the token is not the one expected');
  };
}

function refusal(why: string): Answer {
  return answer(
    401,
    `Unauthorized: ${why}; the controller sends it when started with -loadtester, and -allow-plain-requests takes requests without`,
  );
}
