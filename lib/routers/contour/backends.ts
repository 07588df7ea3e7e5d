import type { Backends } from '../generated/introduction.js';
import type { ProxyRoute, ProxyService, ProxySpec } from './kinds.js';

/** What the routes of an HTTPProxy lead to; where no weight of a route is said, all its Services are alike. */
export const proxyBackends: Backends<ProxySpec> = {
  named: ({ routes = [] }) => {
    const named = new Map<string, number>();
    for (const service of servicesOf(routes)) {
      const identity = identityOf(service);
      named.set(identity, Math.max(service.weight ?? 0, named.get(identity) ?? 0));
    }
    return named;
  },
  joined({ routes = [], ...rest }, other) {
    const known = new Set(servicesOf(routes).map(identityOf));
    const added = new Map(servicesOf(other.routes ?? []).map((service) => [identityOf(service), service]));
    const idle = [...added.values()]
      .filter((service) => !known.has(identityOf(service)))
      .map((service) => ({ ...service, weight: 0 }));
    return {
      ...rest,
      routes: routes.map((route) =>
        route.services?.length ? { ...route, services: [...weighed(route), ...idle] } : route,
      ),
    };
  },
};

function servicesOf(routes: readonly ProxyRoute[]): ProxyService[] {
  return routes.flatMap(weighed);
}

function weighed({ services = [] }: ProxyRoute): ProxyService[] {
  const alike = services.every(({ weight = 0 }) => weight === 0);
  return services.map((service) => ({ ...service, weight: alike ? 1 : (service.weight ?? 0) }));
}

function identityOf({ name, port }: ProxyService): string {
  return `${name}/${port}`;
}
