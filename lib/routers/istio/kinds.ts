import type { CorsPolicy, Headers, HttpMatch, HttpRetry } from '../../api/canary.js';
import { defineKind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

export interface RouteDestination {
  readonly destination: { readonly host: string; readonly port?: { readonly number: number } };
  readonly weight: number;
  readonly headers?: Headers;
}

export interface HttpRoute {
  readonly match?: readonly HttpMatch[];
  readonly rewrite?: { readonly uri?: string; readonly authority?: string };
  readonly timeout?: string;
  readonly retries?: HttpRetry;
  readonly corsPolicy?: CorsPolicy;
  readonly headers?: Headers;
  readonly mirror?: { readonly host: string };
  readonly mirrorPercentage?: { readonly value: number };
  readonly route?: readonly RouteDestination[];
}

export interface TcpRoute {
  readonly match?: readonly { readonly port?: number }[];
  readonly route?: readonly RouteDestination[];
}

export interface VirtualServiceSpec {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly http?: readonly HttpRoute[];
  readonly tcp?: readonly TcpRoute[];
}

export type VirtualService = RoutingObject<VirtualServiceSpec>;

export const VirtualServices = defineKind<VirtualService>(
  'networking.istio.io',
  'v1beta1',
  'VirtualService',
  'virtualservices',
);
export const DestinationRules = defineKind<RoutingObject>(
  'networking.istio.io',
  'v1beta1',
  'DestinationRule',
  'destinationrules',
);
