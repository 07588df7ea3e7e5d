import type { GatewayImplementation } from '../app/gatewayQueries.js';
import type { Resources } from '../resources.js';
import type { ContourProps } from './contour/props.js';

export interface IngressNginxProps {
  /** False when the cluster has an ingress-nginx already: then nothing of it is synthesised. @default true */
  readonly install?: boolean;
  /** Namespace it runs in. @default ingress-nginx */
  readonly namespace?: string;
  /** The IngressClass that the applications' Ingresses name. @default nginx */
  readonly className?: string;
  /** Name of its Service, for load tests from inside the cluster. @default ingress-nginx-controller */
  readonly serviceName?: string;
  /** v1.11.0 and newer run. @default registry.k8s.io/ingress-nginx/controller:v1.15.1 */
  readonly image?: string;
  /** At least 1. @default 1 */
  readonly replicas?: number;
  /** How the world reaches it. @default LoadBalancer */
  readonly serviceType?: 'LoadBalancer' | 'NodePort' | 'ClusterIP';
  /** Entries of its ConfigMap, e.g. `{ 'proxy-body-size': '8m' }`. @default - none */
  readonly config?: Readonly<Record<string, string>>;
  /** @default requests of 100m CPU and 90Mi */
  readonly resources?: Resources;
}

export interface RouterProps {
  /**
   * URL of the router inside the cluster, e.g. `http://envoy.projectcontour`; load tests go there with the host's name.
   * @default - load tests go to the new version itself
   */
  readonly address?: string;
}

/** A Gateway that is there. */
export interface ExistingGatewayProps extends RouterProps {
  /** The Gateway that routes attach to; it has to be there. */
  readonly gateway: { readonly name: string; readonly namespace?: string; readonly sectionName?: string };
  /**
   * What runs the Gateway, whose series then answer for success rate and duration; its pods have to be scraped.
   * `envoy-gateway` and `nginx-gateway-fabric` count no version for itself: the application's pods answer, as without.
   * @default - the application's pods, by `http_request_duration_seconds`
   */
  readonly implementation?: GatewayImplementation;
  /** What is routed. @default HTTPRoute */
  readonly kind?: 'HTTPRoute' | 'GRPCRoute';
  /** Version of the API; v1beta1 has neither timeouts nor CORS, and nothing waits for Accepted. @default v1 */
  readonly version?: 'v1' | 'v1beta1';
  readonly contour?: undefined;
}

/** A Gateway that is installed: Contour and Envoy. */
export interface InstalledGatewayProps {
  readonly contour?: ContourProps;
  /** What is routed. @default HTTPRoute */
  readonly kind?: 'HTTPRoute' | 'GRPCRoute';
  readonly gateway?: undefined;
}

export type GatewayApiProps = ExistingGatewayProps | InstalledGatewayProps;

export interface GatewayRouteProps extends RouterProps, Pick<ExistingGatewayProps, 'implementation'> {
  /** The route, in the application's namespace. */
  readonly name: string;
  /** @default HTTPRoute */
  readonly kind?: 'HTTPRoute' | 'GRPCRoute';
}

export interface IstioProps extends RouterProps {
  /** Gateways as `namespace/name`. @default - the mesh alone */
  readonly gateways?: readonly string[];
  /**
   * The VirtualService has neither hosts nor gateways: one of yours delegates to it. Not with `gateways`.
   * @default false
   */
  readonly delegation?: boolean;
  /** Whether namespaces that are declared here ask for sidecars. @default true */
  readonly inject?: boolean;
}

export interface LinkerdProps extends RouterProps {
  /** TrafficSplits of SMI, for Linkerd before 2.12 or with its SMI extension, instead of HTTPRoutes. @default false */
  readonly smi?: boolean;
  /**
   * Makes an Ingress of the application's host, with the annotations by which ingress-nginx leaves the choice of the
   * version to Linkerd's proxy beside it. @default - none
   */
  readonly ingress?: {
    /** Its IngressClass. @default nginx */
    readonly className?: string;
    /**
     * Whether a snippet sets `l5d-dst-override`, which proxies that were injected as `linkerd.io/inject: ingress`
     * go by. ingress-nginx refuses Ingresses with snippets unless its ConfigMap says `allow-snippet-annotations: "true"`
     * and `annotations-risk-level: Critical`. @default true
     */
    readonly dstOverride?: boolean;
  };
}

export interface SmiProps extends RouterProps {
  /** Version of TrafficSplit that the mesh serves. @default v1alpha2 */
  readonly version?: 'v1alpha1' | 'v1alpha2' | 'v1alpha3';
  /** Whose series answer for success rate and duration, and whose mark declared namespaces bear. @default istio */
  readonly mesh?: 'istio' | 'linkerd';
}

export interface TraefikProps extends RouterProps {
  /** Entry points of the IngressRoute that is made for the host. @default ['web'] */
  readonly entryPoints?: readonly string[];
}

export interface TraefikIngressNginxProps extends RouterProps {
  /** The IngressClass that Traefik's provider takes; the applications' Ingresses name it. @default nginx */
  readonly className?: string;
}

export interface SkipperProps extends RouterProps {
  /** The IngressClass that the applications' Ingresses name. @default skipper */
  readonly className?: string;
}

export interface ApisixProps extends RouterProps {
  /** The ApisixRoute that leads to the application, in its namespace. */
  readonly route: string;
}

export interface AppMeshProps extends RouterProps {
  /** Name of the mesh. */
  readonly meshName: string;
  /** @default v1beta2 */
  readonly version?: 'v1beta1' | 'v1beta2';
}
