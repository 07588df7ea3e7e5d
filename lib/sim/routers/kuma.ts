import { serviceTag, TrafficRoutes } from '../../routers/kuma/kinds.js';
import { envoy } from '../dataPlanes/envoy.js';
import { withinMesh } from './mesh.js';
import type { Backend, RouterModel } from './model.js';
import { weighed } from './shares.js';

type Tags = Readonly<Record<string, string>>;

/** TrafficRoutes for the tags of Services. */
export const kuma: RouterModel = {
  kinds: [TrafficRoutes],
  dataPlanes: [envoy],
  route({ list }, request) {
    const routes = list(TrafficRoutes).flatMap(({ spec }) => {
      const split = weighed(spec?.conf?.split ?? [], ({ weight = 0 }) => weight).map(({ entry, share }) => ({
        ...backendOf(entry.destination),
        share,
      }));
      return (spec?.destinations ?? []).map(({ match }) => ({ ...backendOf(match), split }));
    });
    // Kuma's Prometheus names a proxy after the Service that it stands beside
    return withinMesh(routes, request, ({ service, namespace, port }) => [
      { by: envoy, labels: { service: `${service}_${namespace}_svc_${port}` } },
    ]);
  },
};

/** Of the tag `name_namespace_svc_port`. */
function backendOf(tags: Tags): Omit<Backend, 'share'> {
  const [service = '', namespace = '', , port] = (tags[serviceTag] ?? '').split('_');
  return { service, namespace, port: Number(port) };
}
