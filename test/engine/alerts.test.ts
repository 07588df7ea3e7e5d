import { AlertProviders } from '../../lib/api/alertProvider.js';
import type { CanaryAlert } from '../../lib/api/canary.js';
import { Secrets } from '../../lib/api/workloads.js';
import { initialized, NAMESPACE, podinfoCanary, type World } from './world.js';

const ADDRESS = 'https://hooks.example.com/T0/secret-part';
const alert = (severity?: CanaryAlert['severity']): CanaryAlert => ({
  name: 'chat',
  ...(severity === undefined ? {} : { severity }),
  providerRef: { name: 'chat' },
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function worldWith(alerts: CanaryAlert[], secret = true): Promise<World> {
  const world = await initialized(podinfoCanary({ threshold: 1, alerts }));
  if (secret) {
    world.cluster.seed(Secrets, {
      metadata: { name: 'chat', namespace: NAMESPACE },
      data: { address: base64(`${ADDRESS}\n`), token: base64('xoxb-1') },
    });
  }
  world.metric = () => ({ kind: 'value', value: 1 });
  world.release('podinfo:2.0.0');
  await world.clock.advance(60_000);
  return world;
}

const NEWS = ['New revision detected, progressing canary analysis.', 'Failed checks threshold reached 1'];

describe('alerts', () => {
  it('of a canary with rules go to its provider only, with address and token of the Secret', async () => {
    const world = await worldWith([alert('info')]);
    expect([...new Set(world.alerts.map(({ by }) => by))]).toEqual([`slack ${ADDRESS} xoxb-1`]);
    expect(world.alerts.map(({ alert: { message } }) => message)).toEqual(NEWS);
    await world.controller.stop();
  });

  it.each([
    ['info', NEWS],
    [undefined, NEWS],
    ['' as const, NEWS],
    ['warn', NEWS.slice(1)],
    ['error', NEWS.slice(1)],
  ] as const)('with least severity %s are %j', async (severity, messages) => {
    const world = await worldWith([alert(severity)]);
    expect(world.alerts.map(({ alert: { message } }) => message)).toEqual(messages);
    await world.controller.stop();
  });

  it('show target, threshold, deadline and routing of a new revision, and what is known of an end', async () => {
    const world = await worldWith([alert()]);
    expect(world.alerts[0]?.alert.fields).toEqual([
      { name: 'Target', value: 'Deployment/podinfo.test' },
      { name: 'Failed checks threshold', value: '1' },
      { name: 'Progress deadline', value: '60s' },
      { name: 'Traffic routing', value: 'Weight step: 5 max: 50' },
    ]);
    expect(world.alerts[1]?.alert).toMatchObject({
      severity: 'error',
      fields: [
        {
          name: 'Cause',
          value: 'Failed checks threshold reached 1: Halt podinfo.test advancement success rate 1.00% < 99%',
        },
        { name: 'Metric', value: 'request-success-rate' },
        { name: 'Value', value: '1' },
        { name: 'Bound', value: 'at least 99' },
        { name: 'Weight', value: '5%' },
        { name: 'Image before', value: 'podinfo:1.0.0' },
        { name: 'Image after', value: 'podinfo:2.0.0' },
        { name: 'Revision', value: expect.stringMatching(/^p1:/) },
      ],
    });
    await world.controller.stop();
  });

  it.each([
    ['error', 2],
    ['info', 3],
  ] as const)(
    'of an initialisation, with least severity %s, take %i writes of the status: none to note what nobody is to be told',
    async (severity, writes) => {
      const verbs: string[] = [];
      const world = await initialized(podinfoCanary({ alerts: [alert(severity)] }), {}, ({ cluster }) => {
        cluster.refuse = ({ verb }) => void verbs.push(verb);
      });
      expect(verbs.filter((verb) => verb === 'updateStatus')).toHaveLength(writes);
      expect(world.canary().status?.phase).toBe('Initialized');
      expect(world.canary().status?.unsaid).toBeUndefined();
      await world.controller.stop();
    },
  );

  it('that cannot be sent are tried again, then logged, and hold nothing up', async () => {
    const world = await worldWith([alert()], false);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(world.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toContain(
      'alert provider chat.test secrets "chat" not found in namespace test',
    );
    await world.controller.stop();
  });

  it('of a provider without an address say so without trying again', async () => {
    const world = await initialized(podinfoCanary({ alerts: [alert()] }));
    world.cluster.seed(AlertProviders, {
      metadata: { name: 'chat', namespace: NAMESPACE },
      spec: { type: 'slack' },
    });
    world.release('podinfo:2.0.0');
    await world.clock.advance(1_000);
    expect(world.lines.map(({ message }) => message)).toContain(
      'alert provider chat.test secret does not contain an address',
    );
    await world.controller.stop();
  });

  it('leave nothing of a Secret in logs, events and status', async () => {
    const world = await worldWith([alert('info')]);
    const said = JSON.stringify([world.lines, world.events(), world.canary().status]);
    expect(said).not.toContain('secret-part');
    expect(said).not.toContain('xoxb');
    await world.controller.stop();
  });
});
