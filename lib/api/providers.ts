/** What a provider's router can do with requests. */
export interface ProviderCapabilities {
  /** Shares of traffic between 0 and 100 % (false: only 0 or 100). */
  readonly weights: boolean;
  /** Requests chosen by header, cookie or query parameter. */
  readonly abTest: boolean;
  /** Copies of the primary's requests to the canary. */
  readonly mirror: boolean;
  /** Whoever has seen the canary stays on it, by a cookie. @default false */
  readonly sessionAffinity?: boolean;
}

const shares: ProviderCapabilities = { weights: true, abTest: false, mirror: false, sessionAffinity: false };
const choosing: ProviderCapabilities = { ...shares, abTest: true };
const everything: ProviderCapabilities = { ...choosing, mirror: true, sessionAffinity: true };

/** Providers of `spec.provider` and `-mesh-provider`, and what each can do (Flagger 1.44's table of features). */
const capabilities = {
  kubernetes: { ...shares, weights: false },
  nginx: choosing,
  'gatewayapi:v1': everything,
  'gatewayapi:v1beta1': everything,
  istio: everything,
  linkerd: shares,
  osm: shares,
  'smi:v1alpha1': shares,
  'smi:v1alpha2': shares,
  'smi:v1alpha3': shares,
  traefik: shares,
  contour: choosing,
  skipper: shares,
  gloo: choosing,
  apisix: shares,
  kuma: shares,
  knative: shares,
  appmesh: choosing,
  'appmesh:v1beta2': choosing,
} as const satisfies Readonly<Record<string, ProviderCapabilities>>;

/** A provider that has a router. */
export type RouterName = keyof typeof capabilities;

/** Every provider that has a router. */
export const routerNames = Object.keys(capabilities) as readonly RouterName[];

export function capabilitiesOf(name: RouterName): ProviderCapabilities {
  return capabilities[name];
}

/**
 * The router of a provider among `names`: the one of that name, or else the longest one that is followed by `:` and a
 * suffix, as in `smi:v1alpha2:istio` or `gloo:v1`. Undefined when there is none; Flagger takes Istio's then.
 */
export function routerName<Name extends string>(names: readonly Name[], provider: string): Name | undefined {
  return names
    .filter((name) => provider === name || provider.startsWith(`${name}:`))
    .toSorted((a, b) => b.length - a.length)[0];
}
