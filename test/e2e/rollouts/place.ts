/** Where the parts are: in namespaces of their own, so that nothing else of perch is in the way. */
export const place = {
  namespace: 'rollouts',
  system: 'rollouts-system',
  ingressClass: 'rollouts',
  controller: 'perch-controller',
  prometheus: 'prometheus',
  router: 'ingress-nginx-controller',
  audience: 'audience',
} as const;

/** Hooks and gates of the canaries. */
export const hooksAddress = `http://${place.audience}.${place.system}`;
export const prometheusAddress = `http://${place.prometheus}.${place.system}:9090`;
export const routerAddress = `http://${place.router}.${place.system}`;

export function hostOf(app: string): string {
  return `${app}.rollouts.example`;
}

export function imageOf(version: string): string {
  return `ghcr.io/stefanprodan/podinfo:${version}`;
}
