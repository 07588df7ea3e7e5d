import type { KubeObject } from '../../../lib/api/kinds.js';
import { istio } from '../../../lib/sim/routers/istio.js';

const delegating = (name: string, to: string): KubeObject =>
  ({
    metadata: { namespace: 'test', name },
    spec: { hosts: [`${name}.example.com`], http: [{ delegate: { name: to } }] },
  }) as KubeObject;

function asked(host: string, services: readonly KubeObject[]) {
  const view = { list: <T extends KubeObject>() => services as T[], isReady: () => true };
  return istio.route(view, { host, path: '/' });
}

describe('a VirtualService that delegates', () => {
  const last = {
    metadata: { namespace: 'test', name: 'shop' },
    spec: { http: [{ route: [{ destination: { host: 'web' } }] }] },
  } as KubeObject;

  it('has the routes of the other', () => {
    const backends = asked('door.example.com', [delegating('door', 'shop'), last]);
    expect(backends).toMatchObject([{ namespace: 'test', service: 'web', share: 1 }]);
  });

  it('sends requests nowhere when the other delegates too, or is itself', () => {
    expect(asked('door.example.com', [delegating('door', 'hall'), delegating('hall', 'shop'), last])).toBe(
      undefined,
    );
    expect(asked('door.example.com', [delegating('door', 'door')])).toBe(undefined);
  });
});
