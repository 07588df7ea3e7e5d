import { notifiers } from '../../lib/notifiers/registry.js';
import { alert, notifierConformance, send } from '../conformance/notifiers.js';
import { TestHttp } from '../conformance/vendor.js';

notifierConformance('slack', notifiers.slack, {
  refusals: {
    'ok: false with status 200': { body: '{"ok":false,"error":"channel_not_found"}' },
    'ok: false without a reason': { body: ' { "warning": "x", "ok" : false }' },
  },
});

test('the message is Flagger’s', async () => {
  const { received } = await send(notifiers.slack, { body: 'ok' }, alert, {
    channel: 'releases',
    username: 'perch',
  });
  expect(JSON.parse(received[0]!.body)).toEqual({
    channel: 'releases',
    username: 'perch',
    icon_url: '',
    icon_emoji: ':rocket:',
    attachments: [
      {
        color: 'good',
        author_name: 'podinfo.test',
        text: 'New revision detected, progressing canary analysis.',
        mrkdwn_in: ['text'],
        fields: [
          { title: 'Target', value: 'Deployment/podinfo.test', short: false },
          { title: 'Traffic routing', value: 'Weight step: 5 max: 50', short: false },
        ],
      },
    ],
  });
});

test.each([
  ['info', 'good'],
  ['warn', 'good'],
  ['error', 'danger'],
] as const)('severity %s is %s', async (severity, color) => {
  const { received } = await send(notifiers.slack, { body: 'ok' }, { ...alert, severity });
  expect(JSON.parse(received[0]!.body)).toMatchObject({ attachments: [{ color }] });
});

test('channel general and user flagger unless told otherwise, and the token as bearer', async () => {
  const { received } = await send(notifiers.slack, { body: '{"ok":true}' });
  expect(JSON.parse(received[0]!.body)).toMatchObject({ channel: 'general', username: 'flagger' });
  expect(received[0]!.headers.authorization).toBe('Bearer xoxb-token-s3cret');
});

test('Slack’s own word for a refusal is in the error', async () => {
  const { failure } = await send(notifiers.slack, { body: '{"ok":false,"error":"not_in_channel"}' });
  expect(failure?.message).toMatch(
    /^slack \(127\.0\.0\.1:\d+\): sending notification refused: not_in_channel$/,
  );
});

test.each(['channel', 'username'])('an empty %s is refused', (setting) => {
  const build = (): unknown =>
    notifiers.slack({ http: new TestHttp(), address: 'https://hooks.slack.com/x', [setting]: '' });
  expect(build).toThrow(expect.objectContaining({ code: 'NOTIFIER_SETTING' }));
});
