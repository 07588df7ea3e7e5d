/** Where a release answers: what a command needs to know, derived from what was said once. */
export interface Endpoints {
  /** Of the release: its Services are `<name>`, `<name>-primary` and `<name>-canary`. */
  readonly name: string;
  readonly namespace: string;
  /** Of the Ingress; undefined where there is none. */
  readonly host: string | undefined;
  /** The new version alone, inside the cluster: `http://podinfo-canary.test`. */
  readonly canaryUrl: string;
  /** The released version alone, inside the cluster. */
  readonly primaryUrl: string;
  /** The router, inside the cluster: it sends requests on by their Host header. Undefined without a router. */
  readonly routerUrl: string | undefined;
}

/** A shell command, or what makes one of where the release answers. */
export type Command = string | ((endpoints: Endpoints) => string);

export interface EndpointsProps {
  readonly name: string;
  readonly namespace: string;
  readonly servicePort: number;
  readonly host: string | undefined;
  readonly routerUrl: string | undefined;
  /** Each version has a Service of its own; false: only the release as a whole can be reached. @default true */
  readonly split?: boolean;
}

export function deriveEndpoints({
  name,
  namespace,
  servicePort,
  host,
  routerUrl,
  split = true,
}: EndpointsProps): Endpoints {
  const port = servicePort === 80 ? '' : `:${servicePort}`;
  return {
    name,
    namespace,
    host,
    canaryUrl: `http://${name}${split ? '-canary' : ''}.${namespace}${port}`,
    primaryUrl: `http://${name}${split ? '-primary' : ''}.${namespace}${port}`,
    routerUrl,
  };
}
