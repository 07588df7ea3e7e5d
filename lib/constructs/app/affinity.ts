import { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { SessionAffinity } from '../../api/canary.js';
import { constructError } from '../failure.js';
import { wholeSeconds } from '../period.js';
import type { Shape } from '../shape.js';

/** The cookies by which whoever has seen the new version stays on it. */
export interface SessionAffinityProps {
  /** Cookie of those who stay on the canary. */
  readonly cookieName: string;
  /** Cookie of those who stay on the primary until the next step. @default - `cookieName`, with another value */
  readonly primaryCookieName?: string;
  /** Lifetime of the cookie; whole seconds. @default 1 day */
  readonly maxAge?: Duration;
  /** @default - the host that was asked */
  readonly domain?: string;
  /** @default - the path that was asked */
  readonly path?: string;
  /** Scripts cannot read the cookie. @default false */
  readonly httpOnly?: boolean;
  /** Sent over HTTPS only. @default false */
  readonly secure?: boolean;
  /** Kept apart by site. @default false */
  readonly partitioned?: boolean;
  /** @default - the browser's */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
}

export const affinityShape: Shape<SessionAffinityProps> = {
  cookieName: { required: 'text' },
  primaryCookieName: 'text',
  maxAge: 'duration',
  domain: 'text',
  path: 'text',
  httpOnly: 'switch',
  secure: 'switch',
  partitioned: 'switch',
  sameSite: ['Strict', 'Lax', 'None'],
};

/** `spec.analysis.sessionAffinity`. */
export function renderAffinity(
  scope: IConstruct,
  { maxAge = Duration.days(1), ...props }: SessionAffinityProps,
): SessionAffinity {
  const names = [props.cookieName, props.primaryCookieName];
  const bad = names.find((name) => name !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name));
  if (bad !== undefined || props.cookieName === props.primaryCookieName) {
    const got = bad === undefined ? `${JSON.stringify(props.cookieName)} for both` : JSON.stringify(bad);
    throw constructError(scope, {
      code: 'CONSTRUCT_COOKIE',
      message: `sessionAffinity: expected two cookie names that differ, of letters, digits and dashes, got ${got}`,
      remedy: 'give cookieName and primaryCookieName such names, or leave primaryCookieName out',
    });
  }
  return { ...props, maxAge: wholeSeconds(scope, 'maxAge of sessionAffinity', maxAge) };
}
