import { Counter, Registry } from 'prom-client';
import type { Kind } from '../api/kinds.js';
import type { RequestObserver } from '../kube/transport.js';

export interface ApiRequestMetrics {
  readonly observe: RequestObserver;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

/** Counts the requests to the API server in the words of its authorisation, so that rights can be held against use. */
export function createApiRequestMetrics(): ApiRequestMetrics {
  const registry = new Registry();
  const requests = new Counter({
    name: 'perch_api_requests_total',
    help: 'Requests to the API server by verb and resource as in RBAC; status 0 when no answer came.',
    labelNames: ['verb', 'group', 'resource', 'status'],
    registers: [registry],
  });
  return {
    observe: (verb, kind, status) => requests.inc({ ...rightTo(verb, kind), status: String(status) }),
    text: () => registry.metrics(),
  };
}

function rightTo(verb: string, { group, plural }: Kind): { verb: string; group: string; resource: string } {
  if (verb === 'updateStatus') return { verb: 'update', group, resource: `${plural}/status` };
  return { verb: verb === 'apply' ? 'patch' : verb, group, resource: plural };
}
