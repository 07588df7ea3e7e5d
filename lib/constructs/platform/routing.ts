import type { CanaryService, CanarySpec } from '../../api/canary.js';
import { capabilitiesOf, type ProviderCapabilities, type RouterName } from '../../api/providers.js';
import type { GatewayImplementation } from '../app/gatewayQueries.js';
import { checkProps } from '../shape.js';
import { contourDefinitions, type FullContourProps, fullContourProps } from './contour/props.js';
import { contourDoor, type FrontDoor, traefikDoor } from './frontDoor.js';
import { ingressExpectations, injection, linkerdIngress } from './meshes.js';
import type { Audience, IngressNeed, NamespaceMetadata, Particulars } from './particulars.js';
import type {
  ApisixProps,
  AppMeshProps,
  GatewayApiProps,
  GatewayRouteProps,
  IngressNginxProps,
  IstioProps,
  LinkerdProps,
  RouterProps,
  SkipperProps,
  SmiProps,
  TraefikIngressNginxProps,
  TraefikProps,
} from './routingProps.js';
import { type AnyGatewayProps, routingShapes as shapes } from './routingShapes.js';

const hostsOf = ({ host }: Audience): Partial<CanaryService> => (host ? { hosts: [host] } : {});
const gatewayApiCrds = 'the CRDs of Gateway API, v1.0 or newer';

/** What sends the requests to the primary and to the canary. */
export class Routing {
  /**
   * ingress-nginx: shares of traffic, and A/B by header or cookie. Its admission webhook is left out, since it
   * needs a job that makes certificates; a bad Ingress shows in the controller's log.
   */
  static ingressNginx(props: IngressNginxProps = {}): Routing {
    checkProps('Routing.ingressNginx', props, shapes.ingressNginx);
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
    const { install, className, serviceName, namespace } = ingressNginx;
    return new Routing('nginx', {
      ingressNginx,
      ingress: { className, driven: true },
      address: `http://${serviceName}.${namespace}`,
      expects: install
        ? []
        : [`ingress-nginx of class ${className}, its Service ${serviceName} in namespace ${namespace}`],
    });
  }

  /** Kubernetes Services alone: everything or nothing, so for blue/green. */
  static kubernetes(): Routing {
    return new Routing('kubernetes', { expects: [] });
  }

  /**
   * Gateway API: a route of the application's host, attached to a Gateway that is there, or else to one of Contour and
   * Envoy that the platform installs.
   */
  static gatewayApi(props: GatewayApiProps = {}): Routing {
    checkProps<AnyGatewayProps>('Routing.gatewayApi', props, shapes.gatewayApi);
    const routeKind = props.kind === 'GRPCRoute' ? props.kind : undefined;
    const service =
      (ref: { readonly name: string; readonly namespace?: string }) => (audience: Audience) => ({
        gatewayRefs: [{ ...ref }],
        ...(routeKind && { routeKind }),
        ...hostsOf(audience),
      });
    const lacks = routeKind && { sessionAffinity: false };
    if (props.gateway) {
      const { gateway, version = 'v1', address, implementation } = props;
      const where = gateway.namespace
        ? `in namespace ${gateway.namespace}`
        : 'in the application’s namespace';
      return new Routing(`gatewayapi:${version}`, {
        ...(address !== undefined && { address }),
        ...(implementation && { implementation }),
        ...(lacks && { lacks }),
        service: service(gateway),
        expects: [gatewayApiCrds, `the Gateway ${gateway.name} ${where}, and what runs it`],
      });
    }
    const contour = fullContourProps(props.contour ?? {});
    const { gatewayName, namespace, definitions } = contour;
    return new Routing('gatewayapi:v1', {
      contour,
      implementation: 'contour',
      ...(lacks && { lacks }),
      address: `http://envoy.${namespace}`,
      service: service({ name: gatewayName, namespace }),
      expects: definitions
        ? []
        : contourDefinitions.map((url) => `the CRDs that \`kubectl apply --server-side -f ${url}\` makes`),
    });
  }

  /** Gateway API: a route of yours, of which only the weights of the two versions are changed. */
  static gatewayRoute(given: GatewayRouteProps): Routing {
    const {
      name,
      kind = 'HTTPRoute',
      ...props
    } = checkProps('Routing.gatewayRoute', given, shapes.gatewayRoute);
    const routeRef = { apiVersion: 'gateway.networking.k8s.io/v1', kind, name };
    return new Routing('gatewayapi:v1', {
      ...props,
      spec: { routeRef },
      lacks: { abTest: false, mirror: false, sessionAffinity: false },
      expects: [
        gatewayApiCrds,
        `the ${kind} ${name} beside the application, with a rule that leads to its Service (weight 100) and to that of the canary (weight 0)`,
      ],
    });
  }

  /** Istio: a VirtualService, for the mesh or for gateways that are there. */
  static istio(given: IstioProps = {}): Routing {
    const {
      gateways,
      delegation,
      inject = true,
      ...props
    } = checkProps('Routing.istio', given, shapes.istio);
    const service = (audience: Audience) =>
      delegation ? { delegation } : { ...hostsOf(audience), ...(gateways && { gateways: [...gateways] }) };
    return new Routing('istio', {
      ...props,
      service,
      ...(inject && { namespaceMetadata: injection.istio }),
      expects: [
        'Istio with its CRDs (virtualservices and destinationrules.networking.istio.io)',
        ...(gateways ?? [])
          .filter((gateway) => gateway !== 'mesh')
          .map((gateway) => `the Istio Gateway ${gateway}`),
        ...(delegation
          ? ['a VirtualService of yours that delegates to the one of the application’s name']
          : []),
      ],
    });
  }

  /** Linkerd: an HTTPRoute of the application's Service, or a TrafficSplit of SMI, and on request an Ingress. */
  static linkerd(given: LinkerdProps = {}): Routing {
    const { smi = false, ingress, ...props } = checkProps('Routing.linkerd', given, shapes.linkerd);
    const service = ({ name, servicePort }: Audience) => ({
      gatewayRefs: [{ group: 'core', kind: 'Service', name, port: servicePort }],
    });
    const shared = {
      ...props,
      namespaceMetadata: injection.linkerd,
      ...(ingress && { ingress: linkerdIngress(ingress) }),
    };
    const expects = ['Linkerd', ...ingressExpectations(ingress)];
    if (smi) {
      const crd = 'its SMI extension (trafficsplits.split.smi-spec.io)';
      return new Routing('linkerd', { ...shared, expects: [...expects, crd] });
    }
    const crd = 'Linkerd’s viz extension, or another Prometheus that scrapes its proxies';
    return new Routing('gatewayapi:v1', {
      ...shared,
      service,
      meshProvider: 'linkerd',
      expects: [...expects, gatewayApiCrds, crd],
    });
  }

  /** A mesh of the Service Mesh Interface: a TrafficSplit. */
  static smi(given: SmiProps = {}): Routing {
    const { version = 'v1alpha2', mesh = 'istio', ...props } = checkProps('Routing.smi', given, shapes.smi);
    return new Routing(`smi:${version}`, {
      ...props,
      ...(mesh === 'linkerd' && { meshProvider: 'linkerd' }),
      namespaceMetadata: injection[mesh],
      expects: [
        `a mesh that obeys TrafficSplits of split.smi-spec.io/${version}, whose series are those of ${mesh}`,
      ],
    });
  }

  /** Traefik: a TraefikService, and an IngressRoute of the application's host that leads to it. */
  static traefik(given: TraefikProps = {}): Routing {
    const { entryPoints = ['web'], ...props } = checkProps('Routing.traefik', given, shapes.traefik);
    const expects = [
      `Traefik 3 with its CRDs, the provider kubernetescrd and the entry points ${entryPoints.join(', ')}`,
      'Traefik’s metrics with service labels (metrics.prometheus.addServicesLabels), scraped',
    ];
    return new Routing('traefik', { ...props, frontDoor: traefikDoor(entryPoints), expects });
  }

  /**
   * Traefik's provider for Ingresses of ingress-nginx, from Traefik 3.7: Ingresses and annotations stay as they are,
   * Traefik's own series answer for success rate and duration.
   */
  static traefikIngressNginx(given: TraefikIngressNginxProps = {}): Routing {
    const { className = 'nginx', ...props } = checkProps(
      'Routing.traefikIngressNginx',
      given,
      shapes.traefikIngressNginx,
    );
    return new Routing('nginx', {
      ...props,
      ingress: { className, driven: true },
      implementation: 'traefik-ingress-nginx',
      expects: [
        `Traefik 3.7 or newer with the provider kubernetesingressnginx, and the IngressClass ${className} that it takes`,
        'no ingress-nginx that takes the same class',
      ],
    });
  }

  /** Contour: an HTTPProxy, and one of the application's host that includes it. */
  static contour(props: RouterProps = {}): Routing {
    checkProps('Routing.contour', props, shapes.contour);
    const expects = ['Contour with its CRDs (httpproxies.projectcontour.io), and Envoy’s metrics scraped'];
    return new Routing('contour', { ...props, frontDoor: contourDoor, expects });
  }

  /** Skipper: an Ingress of the application's host. */
  static skipper(given: SkipperProps = {}): Routing {
    const { className = 'skipper', ...props } = checkProps('Routing.skipper', given, shapes.skipper);
    const expects = [
      `Skipper for Ingresses of class ${className}, with metrics by route and their histograms`,
    ];
    return new Routing('skipper', { ...props, ingress: { className, driven: true }, expects });
  }

  /** Gloo: a RouteTable of the release's name, to which a VirtualService of yours delegates. */
  static gloo(props: RouterProps = {}): Routing {
    checkProps('Routing.gloo', props, shapes.gloo);
    const expects = [
      'Gloo with its CRDs',
      'a VirtualService of gateway.solo.io that delegates to the RouteTable',
    ];
    return new Routing('gloo', { ...props, expects });
  }

  /** APISIX: a copy of a rule of an ApisixRoute that is there. */
  static apisix(given: ApisixProps): Routing {
    const { route, ...props } = checkProps('Routing.apisix', given, shapes.apisix);
    const routeRef = { apiVersion: 'apisix.apache.org/v2', kind: 'ApisixRoute', name: route } as const;
    const expects = [
      'APISIX with its ingress controller',
      `the ApisixRoute ${route} beside the application, with one rule whose only backend is its Service`,
    ];
    return new Routing('apisix', { ...props, spec: { routeRef }, expects });
  }

  /** Kuma: a TrafficRoute. */
  static kuma(props: RouterProps = {}): Routing {
    checkProps('Routing.kuma', props, shapes.kuma);
    const expects = ['Kuma with TrafficRoutes (trafficroutes.kuma.io), its Prometheus scraping the sidecars'];
    return new Routing('kuma', { ...props, namespaceMetadata: injection.kuma, expects });
  }

  /** Open Service Mesh: a TrafficSplit. */
  static osm(props: RouterProps = {}): Routing {
    checkProps('Routing.osm', props, shapes.osm);
    const expects = ['Open Service Mesh with trafficsplits.split.smi-spec.io/v1alpha2'];
    return new Routing('osm', { ...props, namespaceMetadata: injection.osm, expects });
  }

  /** Knative: the traffic of a Knative Service; for `CanaryRelease` with `knativeService`. */
  static knative(props: RouterProps = {}): Routing {
    checkProps('Routing.knative', props, shapes.knative);
    const expects = ['Knative Serving, and the metrics of the Envoy of its ingress scraped'];
    return new Routing('knative', { ...props, expects });
  }

  /** AWS App Mesh: virtual nodes, routers and services. */
  static appMesh(given: AppMeshProps): Routing {
    const { meshName, version = 'v1beta2', ...props } = checkProps('Routing.appMesh', given, shapes.appMesh);
    const service = (audience: Audience) => ({ meshName, ...hostsOf(audience) });
    const expects = [`App Mesh’s controller with appmesh.k8s.aws/${version}, and the mesh ${meshName}`];
    return new Routing(version === 'v1beta1' ? 'appmesh' : 'appmesh:v1beta2', {
      ...props,
      service,
      namespaceMetadata: injection.appMesh,
      expects,
    });
  }

  private constructor(
    /** `spec.provider` of the Canary. */
    readonly provider: RouterName,
    private readonly particulars: Particulars,
  ) {}

  /** What has to be in the cluster for it to work; synthesis says it. Empty where the platform installs all. */
  get expects(): readonly string[] {
    return this.particulars.expects;
  }

  /** What it can do with requests. */
  get capabilities(): ProviderCapabilities {
    return { ...capabilitiesOf(this.provider), ...this.particulars.lacks };
  }

  /** The controller's `-mesh-provider`: whose metrics answer, where a mesh is routed by another's objects. */
  get meshProvider(): string {
    return this.particulars.meshProvider ?? this.provider;
  }

  /** Whose series answer where that is not the provider's to say; undefined for the built-in ones. */
  get implementation(): GatewayImplementation | undefined {
    return this.particulars.implementation;
  }

  get ingressNginx(): Required<IngressNginxProps> | undefined {
    return this.particulars.ingressNginx;
  }

  /** Contour, where the platform installs it. */
  get contour(): FullContourProps | undefined {
    return this.particulars.contour;
  }

  /** The Ingress that an application needs; undefined where it needs none. */
  get ingress(): IngressNeed | undefined {
    return this.particulars.ingress;
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
