import type { Audience } from './particulars.js';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

/** Makes what leads requests for a host to the object that the controller generates. */
export type FrontDoor = (audience: Audience) => Manifest[];

export function traefikDoor(entryPoints: readonly string[]): FrontDoor {
  return ({ name, namespace, host }) =>
    host
      ? [
          {
            apiVersion: 'traefik.io/v1alpha1',
            kind: 'IngressRoute',
            metadata: { name, namespace },
            spec: {
              entryPoints: [...entryPoints],
              routes: [
                { kind: 'Rule', match: `Host(\`${host}\`)`, services: [{ kind: 'TraefikService', name }] },
              ],
            },
          },
        ]
      : [];
}

/** Its name is another than the release's: that is the generated HTTPProxy's. */
export const contourDoor: FrontDoor = ({ name, namespace, host }) =>
  host
    ? [
        {
          apiVersion: 'projectcontour.io/v1',
          kind: 'HTTPProxy',
          metadata: { name: `${name}-root`, namespace },
          spec: { virtualhost: { fqdn: host }, includes: [{ name, namespace }] },
        },
      ]
    : [];
