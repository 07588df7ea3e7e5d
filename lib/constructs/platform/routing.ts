import type { CanaryService, CanarySpec } from '../../api/canary.js';
import type { RouterName } from '../../api/providers.js';
import type { GatewayImplementation } from '../app/gatewayQueries.js';
import type { Resources } from '../resources.js';
import { contourDoor, type FrontDoor, traefikDoor } from './frontDoor.js';

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
  /** @default 1 */
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

export interface GatewayApiProps extends RouterProps {
  /** The Gateway that routes attach to; it has to be there. */
  readonly gateway: { readonly name: string; readonly namespace?: string; readonly sectionName?: string };
  /**
   * What runs the Gateway, whose series then answer for success rate and duration; its pods have to be scraped.
   * `envoy-gateway` and `nginx-gateway-fabric` count no version for itself: the application's pods answer, as without.
   * @default - the application's pods, by `http_request_duration_seconds`
   */
  readonly implementation?: GatewayImplementation;
}

export interface GatewayRouteProps extends RouterProps, Pick<GatewayApiProps, 'implementation'> {
  /** The route, in the application's namespace. */
  readonly name: string;
  /** @default HTTPRoute */
  readonly kind?: 'HTTPRoute' | 'GRPCRoute';
}

export interface IstioProps extends RouterProps {
  /** Gateways as `namespace/name`. @default - the mesh alone */
  readonly gateways?: readonly string[];
  /** Whether namespaces that are declared here ask for sidecars. @default true */
  readonly inject?: boolean;
}

export interface TraefikProps extends RouterProps {
  /** Entry points of the IngressRoute that is made for the host. @default ['web'] */
  readonly entryPoints?: readonly string[];
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

/** The release that is to be reached. */
export interface Audience {
  readonly name: string;
  readonly namespace: string;
  readonly servicePort: number;
  readonly host: string | undefined;
}

interface Particulars {
  readonly ingressNginx?: Required<IngressNginxProps>;
  /** Class of the Ingress that is made for a host. */
  readonly ingressClass?: string;
  readonly address?: string;
  readonly meshProvider?: string;
  readonly implementation?: GatewayImplementation;
  readonly service?: (audience: Audience) => Partial<CanaryService>;
  readonly spec?: Pick<CanarySpec, 'routeRef'>;
  readonly frontDoor?: FrontDoor;
  /** Of namespaces that are declared for applications. */
  readonly namespaceMetadata?: NamespaceMetadata;
}

export interface NamespaceMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const hostsOf = ({ host }: Audience): Partial<CanaryService> => (host ? { hosts: [host] } : {});

/** What sends the requests to the primary and to the canary. */
export class Routing {
  /**
   * ingress-nginx: shares of traffic, and A/B by header or cookie. Its admission webhook is left out, since it
   * needs a job that makes certificates; a bad Ingress shows in the controller's log.
   */
  static ingressNginx(props: IngressNginxProps = {}): Routing {
    const ingressNginx: Required<IngressNginxProps> = {
      install: true,
      namespace: 'ingress-nginx',
      className: 'nginx',
      serviceName: 'ingress-nginx-controller',
      image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
      replicas: 1,
      serviceType: 'LoadBalancer',
      config: {},
      resources: { requests: { cpu: '100m', memory: '90Mi' } },
      ...props,
    };
    const { className, serviceName, namespace } = ingressNginx;
    const address = `http://${serviceName}.${namespace}`;
    return new Routing('nginx', { ingressNginx, ingressClass: className, address });
  }

  /** Kubernetes Services alone: everything or nothing, so for blue/green. */
  static kubernetes(): Routing {
    return new Routing('kubernetes', {});
  }

  /** Gateway API: an HTTPRoute of the application's host, attached to a Gateway that is there. */
  static gatewayApi({ gateway, ...props }: GatewayApiProps): Routing {
    const service = (audience: Audience) => ({ gatewayRefs: [{ ...gateway }], ...hostsOf(audience) });
    return new Routing('gatewayapi:v1', { ...props, service });
  }

  /** Gateway API: a route of yours, of which only the weights of the two versions are changed. */
  static gatewayRoute({ name, kind = 'HTTPRoute', ...props }: GatewayRouteProps): Routing {
    const routeRef = { apiVersion: 'gateway.networking.k8s.io/v1', kind, name };
    return new Routing('gatewayapi:v1', { ...props, spec: { routeRef } });
  }

  /** Istio: a VirtualService, for the mesh or for gateways that are there. */
  static istio({ gateways, inject = true, ...props }: IstioProps = {}): Routing {
    const service = (audience: Audience) => ({
      ...hostsOf(audience),
      ...(gateways && { gateways: [...gateways] }),
    });
    const labels = { 'istio-injection': 'enabled' };
    return new Routing('istio', { ...props, service, ...(inject && { namespaceMetadata: { labels } }) });
  }

  /** Linkerd: an HTTPRoute of the application's Service, as Linkerd has it instead of SMI. */
  static linkerd(props: RouterProps = {}): Routing {
    const service = ({ name, servicePort }: Audience) => ({
      gatewayRefs: [{ group: 'core', kind: 'Service', name, port: servicePort }],
    });
    const annotations = { 'linkerd.io/inject': 'enabled' };
    return new Routing('gatewayapi:v1', {
      ...props,
      service,
      meshProvider: 'linkerd',
      namespaceMetadata: { annotations },
    });
  }

  /** Traefik: a TraefikService, and an IngressRoute of the application's host that leads to it. */
  static traefik({ entryPoints = ['web'], ...props }: TraefikProps = {}): Routing {
    return new Routing('traefik', { ...props, frontDoor: traefikDoor(entryPoints) });
  }

  /** Contour: an HTTPProxy, and one of the application's host that includes it. */
  static contour(props: RouterProps = {}): Routing {
    return new Routing('contour', { ...props, frontDoor: contourDoor });
  }

  /** Skipper: an Ingress of the application's host. */
  static skipper({ className = 'skipper', ...props }: SkipperProps = {}): Routing {
    return new Routing('skipper', { ...props, ingressClass: className });
  }

  /** Gloo: a RouteTable of the release's name, to which a VirtualService of yours delegates. */
  static gloo(props: RouterProps = {}): Routing {
    return new Routing('gloo', props);
  }

  /** APISIX: a copy of a rule of an ApisixRoute that is there. */
  static apisix({ route, ...props }: ApisixProps): Routing {
    const routeRef = { apiVersion: 'apisix.apache.org/v2', kind: 'ApisixRoute', name: route } as const;
    return new Routing('apisix', { ...props, spec: { routeRef } });
  }

  /** Kuma: a TrafficRoute. */
  static kuma(props: RouterProps = {}): Routing {
    return new Routing('kuma', props);
  }

  /** Open Service Mesh: a TrafficSplit. */
  static osm(props: RouterProps = {}): Routing {
    return new Routing('osm', props);
  }

  /** AWS App Mesh: virtual nodes, routers and services. */
  static appMesh({ meshName, version = 'v1beta2', ...props }: AppMeshProps): Routing {
    const service = (audience: Audience) => ({ meshName, ...hostsOf(audience) });
    return new Routing(version === 'v1beta1' ? 'appmesh' : 'appmesh:v1beta2', { ...props, service });
  }

  private constructor(
    /** `spec.provider` of the Canary. */
    readonly provider: RouterName,
    private readonly particulars: Particulars,
  ) {}

  /** The controller's `-mesh-provider`: whose metrics answer, where a mesh is routed by another's objects. */
  get meshProvider(): string {
    return this.particulars.meshProvider ?? this.provider;
  }

  /** Whose series answer for a Gateway; undefined for the application's own. */
  get implementation(): GatewayImplementation | undefined {
    return this.particulars.implementation;
  }

  get ingressNginx(): Required<IngressNginxProps> | undefined {
    return this.particulars.ingressNginx;
  }

  /** Class of the Ingress that an application needs; undefined where it needs none. */
  get ingressClass(): string | undefined {
    return this.particulars.ingressClass;
  }

  /** Where the router answers, inside the cluster. */
  get address(): string | undefined {
    return this.particulars.address?.replace(/\/$/, '');
  }

  get namespaceMetadata(): NamespaceMetadata {
    return this.particulars.namespaceMetadata ?? {};
  }

  /** Fields of `spec` and of `spec.service` that the router reads. */
  render(audience: Audience): { spec: Pick<CanarySpec, 'routeRef'>; service: Partial<CanaryService> } {
    return { spec: this.particulars.spec ?? {}, service: this.particulars.service?.(audience) ?? {} };
  }

  /** Objects by which requests for the host come to what the controller generates. */
  frontDoor(audience: Audience): ReturnType<FrontDoor> {
    return this.particulars.frontDoor?.(audience) ?? [];
  }
}
