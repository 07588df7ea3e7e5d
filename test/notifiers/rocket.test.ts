import { notifiers } from '../../lib/notifiers/registry.js';
import { alert, notifierConformance, send } from '../conformance/notifiers.js';

notifierConformance('rocket', notifiers.rocket, {
  refusals: {
    'success: false with status 200': { body: '{"success":false,"error":"error-invalid-channel"}' },
    'an integration that was deleted': {
      status: 400,
      body: '{"success":false,"error":"Invalid integration"}',
    },
  },
});

test.each([
  ['info', '#0076D7'],
  ['warn', '#0076D7'],
  ['error', '#FF0000'],
] as const)('severity %s is %s', async (severity, color) => {
  const { received } = await send(notifiers.rocket, { body: '{"success":true}' }, { ...alert, severity });
  expect(JSON.parse(received[0]!.body)).toMatchObject({
    icon_emoji: ':rocket:',
    attachments: [{ color, fields: [{ title: 'Target', short: false }, { title: 'Traffic routing' }] }],
  });
});

test('an empty channel is refused by the chat’s own name', () => {
  const build = (): unknown =>
    notifiers.rocket({
      http: { request: () => Promise.reject(new Error('no network')) },
      address: 'https://chat.example.com/hooks/x',
      channel: '',
    });
  expect(build).toThrow(
    expect.objectContaining({
      code: 'NOTIFIER_SETTING',
      message: expect.stringContaining('Rocket.Chat channel'),
    }),
  );
});
