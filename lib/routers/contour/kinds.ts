import { defineKind } from '../../api/kinds.js';
import type { RoutingObject } from '../generated/blueprint.js';

interface ValueCondition {
  readonly name: string;
  readonly exact?: string;
  readonly contains?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface Condition {
  readonly prefix?: string;
  readonly header?: ValueCondition;
  readonly queryParameter?: ValueCondition;
}

export interface ProxyRoute {
  readonly conditions?: readonly Condition[];
  readonly timeoutPolicy?: object;
  readonly retryPolicy?: object;
  readonly services?: readonly ProxyService[];
}

export interface ProxyService {
  readonly name: string;
  readonly port: number;
  readonly weight?: number;
}

export interface ProxySpec {
  readonly routes?: readonly ProxyRoute[];
}

export const HttpProxies = defineKind<RoutingObject<ProxySpec>>(
  'projectcontour.io',
  'v1',
  'HTTPProxy',
  'httpproxies',
);
