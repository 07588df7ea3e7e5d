import type { GatewayRef } from '../../api/canary.js';
import { defineKind, type Kind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

const group = 'gateway.networking.k8s.io';

export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

export interface HeaderFilter {
  readonly add?: readonly HeaderValue[];
  readonly set?: readonly HeaderValue[];
  readonly remove?: readonly string[];
}

export interface RouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderFilter;
  readonly responseHeaderModifier?: HeaderFilter;
  readonly urlRewrite?: object;
  readonly requestMirror?: { readonly backendRef: object };
  readonly cors?: object;
}

export interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}

export interface ValueMatch extends HeaderValue {
  readonly type: 'Exact' | 'RegularExpression';
}

export interface RouteMatch {
  readonly path?: { readonly type: string; readonly value: string };
  readonly method?: string;
  readonly headers?: readonly ValueMatch[];
  readonly queryParams?: readonly ValueMatch[];
}

export interface RouteRule {
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendRef[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
}

export interface RouteSpec {
  readonly parentRefs?: readonly Partial<GatewayRef>[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly RouteRule[];
}

export interface Route extends RoutingObject<RouteSpec> {
  status?: {
    readonly parents?: readonly {
      readonly parentRef: Partial<GatewayRef>;
      readonly conditions?: readonly {
        readonly type: string;
        readonly status: string;
        readonly message?: string;
        readonly observedGeneration?: number;
      }[];
    }[];
  };
}

export function httpRoutes(version: 'v1' | 'v1beta1'): Kind<Route> {
  return defineKind<Route>(group, version, 'HTTPRoute', 'httproutes');
}

export const GrpcRoutes = defineKind<Route>(group, 'v1', 'GRPCRoute', 'grpcroutes');
