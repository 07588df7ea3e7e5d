import { defineKind, type Kind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

export type Version = 'v1alpha1' | 'v1alpha2' | 'v1alpha3';

export type TrafficSplit = RoutingObject<{
  readonly service?: string;
  readonly backends?: readonly { readonly service: string; readonly weight?: number | string }[];
}>;

export function trafficSplits(version: Version): Kind<TrafficSplit> {
  return defineKind<TrafficSplit>('split.smi-spec.io', version, 'TrafficSplit', 'trafficsplits');
}
