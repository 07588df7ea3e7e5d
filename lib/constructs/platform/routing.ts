import type { Resources } from '../resources.js';

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

/** What sends the requests to the primary and to the canary. */
export class Routing {
  /**
   * ingress-nginx: shares of traffic, and A/B by header or cookie. Its admission webhook is left out, since it
   * needs a job that makes certificates; a bad Ingress shows in the controller's log.
   */
  static ingressNginx(props: IngressNginxProps = {}): Routing {
    return new Routing('nginx', {
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
    });
  }

  /** Kubernetes Services alone: everything or nothing, so for blue/green. */
  static kubernetes(): Routing {
    return new Routing('kubernetes', undefined);
  }

  private constructor(
    /** `spec.provider` of the Canary. */
    readonly provider: 'nginx' | 'kubernetes',
    readonly ingressNginx: Required<IngressNginxProps> | undefined,
  ) {}
}
