import type { Route, RouteFilter } from '../../lib/routers/gateway-api/kinds.js';
import type { VirtualService } from '../../lib/routers/istio/kinds.js';

/** A rule as a proxy reads it: who it is for, and where these go. */
interface Rule {
  /** For the whole Cookie header; undefined for a rule that takes everybody. */
  readonly pattern: RegExp | undefined;
  readonly backends: readonly {
    readonly service: string;
    readonly weight: number;
    readonly cookie?: string;
  }[];
  /** The Service that gets copies. */
  readonly copiedTo: string | undefined;
}

function whole(pattern: string | undefined): RegExp | undefined {
  return pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
}

export function rulesOfRoute({ spec }: Route): Rule[] {
  return (spec?.rules ?? []).map(({ matches = [], filters = [], backendRefs = [] }) => ({
    pattern: whole(matches[0]?.headers?.find(({ name }) => name === 'Cookie')?.value),
    backends: backendRefs.map(({ name, weight = 1, filters }) => ({
      service: name,
      weight,
      cookie: filters?.[0]?.responseHeaderModifier?.add?.[0]?.value,
    })),
    copiedTo: mirrorOf(filters),
  }));
}

function mirrorOf(filters: readonly RouteFilter[]): string | undefined {
  const mirror = filters.find(({ requestMirror }) => requestMirror)?.requestMirror;
  return (mirror?.backendRef as { name: string } | undefined)?.name;
}

export function rulesOfVirtualService({ spec }: VirtualService): Rule[] {
  return (spec?.http ?? []).map(({ match = [], mirror, route = [] }) => ({
    pattern: whole(match[0]?.headers?.Cookie?.regex),
    backends: route.map(({ destination, weight = 0, headers }) => ({
      service: destination.host,
      weight,
      cookie: headers?.response?.add?.['Set-Cookie'],
    })),
    copiedTo: mirror?.host,
  }));
}

/** How a proxy shares requests out: one number of 0 to 1 for each request of a rule. */
export type Draw = (rule: number) => number;

/** As a proxy that deals requests out evenly, such as Traefik: the golden ratio fills the span without clusters. */
export function evenly(): Draw {
  const dealt = new Map<number, number>();
  return (rule) => {
    const count = (dealt.get(rule) ?? 0) + 1;
    dealt.set(rule, count);
    return (count * 0.6180339887498949) % 1;
  };
}

/** A browser that keeps cookies, of which the last one of a name counts. */
export class Client {
  private readonly jar = new Map<string, string>();

  /** The Service that answers. */
  ask(rules: readonly Rule[], draw: Draw): string {
    const header = [...this.jar].map((pair) => pair.join('=')).join('; ');
    const index = rules.findIndex(({ pattern }) => pattern === undefined || pattern.test(header));
    const backends = rules[index]!.backends;
    let left = draw(index) * backends.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = backends.find(({ weight }) => {
      left -= weight;
      return left < 0;
    })!;
    const [name, value] = (chosen.cookie?.split(';')[0] ?? '').split('=');
    if (name && value) this.jar.set(name, value);
    return chosen.service;
  }
}
