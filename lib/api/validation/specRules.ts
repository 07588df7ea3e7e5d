import { backendPort } from '../canary/gateway.js';
import type { CanarySpec } from '../canary.js';
import { isKnative } from '../defaults.js';
import type { JsonObject } from '../schema/json.js';
import { type Finding, refusal } from './problem.js';
import { movingRules } from './specRules/moving.js';
import { naming } from './specRules/naming.js';
import type { SpecRule } from './specRules/rule.js';

/*
 * What no field's own schema can say. Each rule stands in the CRD as CEL and is checked at synth by the same entry,
 * and each refuses only what Flagger 1.44 itself refuses, fails on at every tick, or waits on for ever: whatever runs
 * under Flagger is taken. A rule costs the API server little: over a list it looks at a few short constants an item.
 */

const knativeRules: readonly SpecRule[] = [
  {
    path: 'spec.provider',
    rule: "(has(self.provider) && self.provider == 'knative') == (self.targetRef.apiVersion == 'serving.knative.dev/v1' && self.targetRef.kind == 'Service')",
    holds: ({ provider, targetRef }) => (provider === 'knative') === isKnative(targetRef),
    expected: '"knative" if and only if the target is a serving.knative.dev/v1 Service',
    given: ({ provider, targetRef }) =>
      `${JSON.stringify(provider) ?? 'nothing'} and ${targetRef.apiVersion} ${targetRef.kind}`,
    remedy: 'Set provider to knative for a Knative target, and to another one for any other target.',
  },
  {
    path: 'spec.autoscalerRef',
    rule: "!has(self.autoscalerRef) || self.targetRef.apiVersion != 'serving.knative.dev/v1' || self.targetRef.kind != 'Service'",
    holds: ({ autoscalerRef, targetRef }) => !autoscalerRef || !isKnative(targetRef),
    expected: 'none, as Knative scales by itself',
    given: () => 'one',
    remedy: 'Remove autoscalerRef.',
  },
];

const cookieRule: SpecRule = {
  path: 'spec.analysis.sessionAffinity.primaryCookieName',
  rule: '!has(self.analysis.sessionAffinity) || !has(self.analysis.sessionAffinity.primaryCookieName) || self.analysis.sessionAffinity.primaryCookieName != self.analysis.sessionAffinity.cookieName',
  holds: ({ analysis: { sessionAffinity } }) =>
    sessionAffinity?.primaryCookieName === undefined ||
    sessionAffinity.primaryCookieName !== sessionAffinity.cookieName,
  expected: 'another name than cookieName',
  given: ({ analysis }) => `${JSON.stringify(analysis.sessionAffinity?.cookieName)} for both`,
  remedy: 'Give the two cookies different names.',
};

/** The rules of `spec` in the CRD of Canary. */
export const specRules: readonly SpecRule[] = [...naming, ...movingRules, ...knativeRules, cookieRule];

/** The rules as the CRD has them. */
export const celRules = specRules.map(({ path, rule, expected, remedy }) => ({
  rule,
  message: `${path.replace(/^spec\./, '')}: expected ${expected}. ${remedy}`,
}));

/** What a spec breaks, in the order of the rules. */
export function brokenRules(spec: CanarySpec): Finding[] {
  return specRules
    .filter(({ holds }) => !holds(spec))
    .map(({ path, blame, expected, given, remedy }) =>
      refusal(blame?.(spec) ?? path, `expected ${expected}, got ${given(spec)}`, remedy),
    );
}

/** By its text, what each CEL rule of our CRDs says of `self`; for those who have no CEL, such as the virtual cluster. */
export const verdicts: ReadonlyMap<string, (self: JsonObject) => boolean> = new Map(
  [...specRules, backendPort].map(({ rule, holds }) => [
    rule,
    holds as unknown as (self: JsonObject) => boolean,
  ]),
);
