import { Canaries } from '../../lib/api/canary.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { initialized, podinfoCanary } from './world.js';

const hook = { name: 'log', type: 'event', url: 'http://sink.test', metadata: { team: 'a' } } as const;

describe('events', () => {
  it('are posted to the hooks of the canary with what was said and when', async () => {
    const world = await initialized(podinfoCanary({ webhooks: [hook] }), {
      eventWebhook: 'http://global.test',
    });
    const post = world.posts.find(({ body }) => body?.includes('Initialization done'));
    expect(post?.url).toBe('http://sink.test');
    expect(JSON.parse(post?.body ?? '')).toEqual({
      name: 'podinfo',
      namespace: 'test',
      phase: 'Initialized',
      checksum: expect.any(String),
      metadata: {
        team: 'a',
        eventMessage: 'Initialization done! podinfo.test',
        eventType: 'Normal',
        timestamp: expect.stringMatching(/^\d{13}$/),
      },
    });
    expect(world.posts.map(({ url }) => url)).not.toContain('http://global.test');
    await world.controller.stop();
  });

  it('go to the hook of the controller when the canary has none', async () => {
    const world = await initialized(podinfoCanary(), { eventWebhook: 'http://global.test' });
    expect(world.posts.map(({ url }) => url)).toContain('http://global.test');
    await world.controller.stop();
  });

  it('come in order and late, and hold nothing up, while the server refuses them', async () => {
    const world = await initialized(podinfoCanary({ webhooks: [{ ...hook }] }));
    const before = world.events().length;
    world.cluster.refuse = ({ kind }) =>
      kind === 'Event' ? new ApiError(429, 'TooManyRequests', 'busy') : undefined;
    world.answer = ({ url }) => ({ status: url === hook.url ? 500 : 200, headers: {}, body: '' });
    world.release('podinfo:2.0.0');
    await world.clock.advance(3_000);
    expect(world.weight()).toBe('5');
    world.cluster.refuse = () => undefined;
    await world.clock.advance(4_000);
    expect(world.events().slice(before)).toEqual([
      'New revision detected! Scaling up podinfo.test',
      'Starting canary analysis for podinfo.test',
      'Advance podinfo.test canary weight 5',
    ]);
    expect(world.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toContain(
      'error sending event to webhook: log: POST http://sink.test giving up after 1 attempt(s): status 500 without a body',
    );
    await world.controller.stop();
  });

  it('say why a canary cannot be acted on, once in a while and not with every attempt', async () => {
    const world = await initialized(podinfoCanary({}, { ingressRef: undefined }));
    const warnings = world.events().filter((text) => text.includes('ingress'));
    expect(warnings).toHaveLength(1);
    await world.clock.advance(600_000);
    expect(world.events().filter((text) => text.includes('ingress')).length).toBeLessThanOrEqual(12);
    await world.controller.stop();
  });

  it('name an unknown provider, and the other canaries go on', async () => {
    const world = await initialized();
    const other = podinfoCanary({}, { provider: 'ngnix' as 'nginx' });
    other.metadata.name = 'other';
    world.cluster.seed(Canaries, other);
    await world.clock.advance(1_000);
    expect(world.events().at(-1)).toMatch(
      /expected the provider to be one of nginx, kubernetes, .*, got ngnix/,
    );
    world.release('podinfo:2.0.0');
    await world.clock.advance(3_000);
    expect(world.weight()).toBe('5');
    await world.controller.stop();
  });
});
