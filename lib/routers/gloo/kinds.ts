import { defineKind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

export const Upstreams = defineKind<RoutingObject>('gloo.solo.io', 'v1', 'Upstream', 'upstreams');

export interface WeightedDestination {
  readonly destination: { readonly upstream: { readonly name: string; readonly namespace: string } };
  readonly weight?: number;
}

export interface TableRoute {
  readonly inheritablePathMatchers?: boolean;
  readonly matchers?: readonly object[];
  readonly routeAction?: { readonly multi?: { readonly destinations?: readonly WeightedDestination[] } };
}

export const RouteTables = defineKind<RoutingObject<{ readonly routes?: readonly TableRoute[] }>>(
  'gateway.solo.io',
  'v1',
  'RouteTable',
  'routetables',
);
