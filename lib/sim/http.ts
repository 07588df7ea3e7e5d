import { createMemo } from '../api/memo.js';
import { type Clock, sleep } from '../ports/clock.js';
import type { Http, HttpRequest, HttpResponse } from '../ports/http.js';
import type { Random } from '../ports/random.js';
import type { Behaviours } from './models/behaviours.js';
import type { Pod } from './models/pods.js';
import type { Telemetry } from './models/telemetry.js';
import type { Addresses } from './network/addresses.js';
import { applicationAnswer } from './network/application.js';
import { LoadTester } from './network/loadTester.js';
import { patiently } from './network/patience.js';
import type { ProgramWorld } from './network/programs.js';
import { prometheusAnswer } from './network/prometheusServer.js';
import { connectionFailure, connectionRefused, noSuchHost } from './network/refusal.js';
import type { Sinks } from './network/sinks.js';

export interface NetworkWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly behaviours: Behaviours;
  readonly addresses: Addresses;
  readonly telemetry: Telemetry;
  readonly sinks: Sinks;
  /** Asked first, the last one before the others; what they do not answer goes its usual way. */
  readonly answers: readonly HttpAnswer[];
}

/** Answers a request in place of the world; undefined for those that are none of its business. */
export type HttpAnswer = (request: HttpRequest) => HttpResponse | Promise<HttpResponse> | undefined;

/** What a pod serves, told by its image and command. */
function roleOf({ image, command }: Pod): 'prometheus' | 'loadTester' | 'application' {
  if (/(^|[/-])prometheus(:|@|$)/.test(image)) return 'prometheus';
  if ([image, ...command].some((word) => /load-?tester/.test(word))) return 'loadTester';
  return 'application';
}

/** URLs as they were read, which nobody changes: every check asks the same ones. */
const urls = createMemo<URL>(64);

/**
 * The virtual network: names of Services and of Ingress hosts lead to the models of what runs in their pods, known
 * sinks take posts, and anything else is refused as the real network would.
 */
export class VirtualHttp implements Http {
  private readonly loadTesters = new Map<string, LoadTester>();

  constructor(private readonly world: NetworkWorld) {}

  async request(request: HttpRequest): Promise<HttpResponse> {
    const { addresses, telemetry, sinks, clock, random, behaviours } = this.world;
    for (const answer of this.world.answers.toReversed()) {
      const given = answer(request);
      if (given) return given instanceof Promise ? patiently(clock, request, given) : given;
    }
    const url = urls(request.url, () => new URL(request.url));
    const sunk = sinks.handle(url, request, clock.now());
    if (sunk) return sunk;
    const address = addresses.find(url, undefined);
    if (!address) throw connectionFailure(request, noSuchHost);
    const pod = addresses.pick(address);
    if (!pod) throw connectionFailure(request, connectionRefused);
    const role = roleOf(pod);
    if (role === 'prometheus') return prometheusAnswer(url, request, telemetry, clock.now());
    if (role === 'loadTester') return this.loadTester(pod).handle(url.pathname, request.body);
    return applicationAnswer(pod, url.pathname, behaviours, random);
  }

  /** One a pod: its gates are lost with it. */
  private loadTester(pod: Pod): LoadTester {
    const known = this.loadTesters.get(pod.name) ?? new LoadTester(this.programs(pod.namespace));
    this.loadTesters.set(pod.name, known);
    return known;
  }

  private programs(namespace: string): ProgramWorld {
    const { addresses, telemetry, clock, random, behaviours } = this.world;
    return {
      now: () => clock.now(),
      sleep: (ms) => sleep(clock, ms),
      fetch: (target, host) => {
        const url = new URL(target);
        const address = addresses.find(url, namespace, host);
        if (!address) return { failure: `Could not resolve host: ${url.hostname}` };
        const pod = addresses.pick(address);
        if (!pod) return { failure: `Failed to connect to ${url.hostname}` };
        return applicationAnswer(pod, url.pathname, behaviours, random);
      },
      load: (target, source, host) => {
        const url = new URL(target);
        const address = addresses.find(url, namespace, host);
        if (!address) return false;
        const service = address.kind === 'service' && {
          service: { namespace: address.namespace, name: address.name },
        };
        telemetry.add({
          ...source,
          synthetic: true,
          host: host ?? url.hostname,
          path: url.pathname,
          ...service,
        });
        return true;
      },
    };
  }
}
