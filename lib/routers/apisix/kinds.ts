import { defineKind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

export interface Backend {
  readonly serviceName: string;
  readonly weight?: number;
}

export interface HttpRule {
  readonly name?: string;
  readonly match?: { readonly hosts?: readonly string[]; readonly paths?: readonly string[] };
  readonly priority?: number;
  readonly backends?: readonly Backend[];
}

export type ApisixRoute = RoutingObject<{ readonly http?: readonly HttpRule[] }>;

export const ApisixRoutes = defineKind<ApisixRoute>('apisix.apache.org', 'v2', 'ApisixRoute', 'apisixroutes');
