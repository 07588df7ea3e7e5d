import type { Gate } from './gate.js';

/** How many requests of each kind there were, as `POST services: 3000`, the most first. */
export function countByKind(asked: Gate['asked']): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { method, path } of asked) {
    const kind = `${method} ${resourceOf(path)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}

/** `canaries/status` of `/apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo/status?…`. */
function resourceOf(path: string): string {
  const words = path
    .replace(/\?.*/, '')
    .replace(/^\/(api\/v1|apis\/[^/]+\/[^/]+)/, '')
    .replace(/^\/namespaces\/[^/]+(?=\/)/, '')
    .split('/')
    .filter(Boolean);
  const [resource = path, , subresource] = words;
  return subresource ? `${resource}/${subresource}` : resource;
}

/** Those that a canary makes at least one in ten of, each as so many a canary. */
export function requestsInWords(counts: Readonly<Record<string, number>>, canaries: number): string {
  return Object.entries(counts)
    .filter(([, count]) => count >= canaries / 10)
    .map(([kind, count]) => `${(count / canaries).toFixed(1)} ${kind}`)
    .join(', ');
}
