import { type Resources, resourcesShape } from '../../resources.js';
import type { Shape } from '../../shape.js';

export interface ContourProps {
  /** Of Contour, Envoy and the Gateway; created here. @default projectcontour */
  readonly namespace?: string;
  /** Name of the Gateway that routes attach to. @default contour */
  readonly gatewayName?: string;
  /** Its GatewayClass. @default contour */
  readonly className?: string;
  /** @default ghcr.io/projectcontour/contour:v1.33.8 */
  readonly image?: string;
  /** @default docker.io/envoyproxy/envoy:distroless-v1.38.9 */
  readonly envoyImage?: string;
  /** Envoys, which carry the requests; at least 1. @default 1 */
  readonly replicas?: number;
  /** How the world reaches Envoy. @default LoadBalancer */
  readonly serviceType?: 'LoadBalancer' | 'NodePort' | 'ClusterIP';
  /** Of Envoy. @default requests of 100m CPU and 128Mi */
  readonly resources?: Resources;
  /**
   * Files or URLs of the CRDs of Gateway API (v1.3, standard channel) and of Contour, which then come first in what is
   * written. Both together are a megabyte of YAML that belongs to the cluster, so they are not part of perch.
   * @default - they are in the cluster already, which synthesis says
   */
  readonly definitions?: readonly string[];
}

export const contourShape: Shape<ContourProps> = {
  namespace: 'text',
  gatewayName: 'text',
  className: 'text',
  image: 'text',
  envoyImage: 'text',
  replicas: 'number',
  serviceType: ['LoadBalancer', 'NodePort', 'ClusterIP'],
  resources: resourcesShape,
  definitions: 'texts',
};

export type FullContourProps = Required<Omit<ContourProps, 'definitions'>> &
  Pick<ContourProps, 'definitions'>;

export function fullContourProps(props: ContourProps): FullContourProps {
  return {
    namespace: 'projectcontour',
    gatewayName: 'contour',
    className: 'contour',
    image: 'ghcr.io/projectcontour/contour:v1.33.8',
    envoyImage: 'docker.io/envoyproxy/envoy:distroless-v1.38.9',
    replicas: 1,
    serviceType: 'LoadBalancer',
    resources: { requests: { cpu: '100m', memory: '128Mi' } },
    ...props,
  };
}

/** What has to be in the cluster before, unless `definitions` brings it. */
export const contourDefinitions = [
  'https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.3.0/standard-install.yaml',
  'https://raw.githubusercontent.com/projectcontour/contour/v1.33.8/examples/contour/01-crds.yaml',
];
