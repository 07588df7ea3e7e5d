import type { Canary } from '../../../api/canary.js';
import { PerchError } from '../../../api/errors.js';
import { horizontalPodAutoscaler } from './horizontalPodAutoscaler.js';
import { scaledObject } from './scaledObject.js';
import type { Scaler } from './scaler.js';

/** Kinds of `spec.autoscalerRef`. */
const scalers: Readonly<Record<string, Scaler>> = {
  HorizontalPodAutoscaler: horizontalPodAutoscaler,
  ScaledObject: scaledObject,
};

/** How the canary's autoscaler is treated; undefined when it names none. */
export function scalerOf(canary: Canary): Scaler | undefined {
  const kind = canary.spec.autoscalerRef?.kind;
  if (kind === undefined) return undefined;
  if (Object.hasOwn(scalers, kind)) return scalers[kind];
  throw new PerchError({
    code: 'ENGINE_AUTOSCALER_KIND',
    message: `expected spec.autoscalerRef.kind to be ${Object.keys(scalers).join(' or ')}, got ${kind}`,
    remedy: 'name a HorizontalPodAutoscaler or a ScaledObject of KEDA',
    path: 'spec.autoscalerRef.kind',
  });
}
