import { defineKind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

/** The tag by which Kuma knows a Service: `name_namespace_svc_port`. */
export const serviceTag = 'kuma.io/service';

export type TrafficRoute = RoutingObject<{
  readonly destinations?: readonly { readonly match: Readonly<Record<string, string>> }[];
  readonly conf?: {
    readonly split?: readonly {
      readonly weight?: number;
      readonly destination: Readonly<Record<string, string>>;
    }[];
  };
}>;

export const TrafficRoutes = defineKind<TrafficRoute>(
  'kuma.io',
  'v1alpha1',
  'TrafficRoute',
  'trafficroutes',
  false,
);
