import type { CanaryService, CanarySpec } from '../../api/canary.js';
import type { ProviderCapabilities } from '../../api/providers.js';
import type { GatewayImplementation } from '../app/gatewayQueries.js';
import type { FullContourProps } from './contour/props.js';
import type { FrontDoor } from './frontDoor.js';
import type { IngressNginxProps } from './routingProps.js';

/** The release that is to be reached. */
export interface Audience {
  readonly name: string;
  readonly namespace: string;
  readonly servicePort: number;
  readonly host: string | undefined;
}

export interface NamespaceMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The Ingress that an application needs for its host. */
export interface IngressNeed {
  readonly className: string;
  /** The router reads it and makes the canary's from it, so that it needs a host or an Ingress that is there. */
  readonly driven: boolean;
  readonly annotations?: (audience: Audience) => Readonly<Record<string, string>>;
}

/** What tells one Routing from another. */
export interface Particulars {
  readonly ingressNginx?: Required<IngressNginxProps>;
  readonly contour?: FullContourProps;
  readonly ingress?: IngressNeed;
  readonly address?: string;
  readonly meshProvider?: string;
  readonly implementation?: GatewayImplementation;
  readonly service?: (audience: Audience) => Partial<CanaryService>;
  readonly spec?: Pick<CanarySpec, 'routeRef'>;
  readonly frontDoor?: FrontDoor;
  /** Of namespaces that are declared for applications. */
  readonly namespaceMetadata?: NamespaceMetadata;
  /** What it can do less than its provider. */
  readonly lacks?: Partial<ProviderCapabilities>;
  /** What has to be in the cluster, a sentence's object each; said at synth. */
  readonly expects: readonly string[];
}
