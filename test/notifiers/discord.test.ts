import { notifiers } from '../../lib/notifiers/registry.js';
import { alert, notifierConformance, send } from '../conformance/notifiers.js';

const path = '/api/webhooks/1087/tok-s3cret/slack?thread_id=77s3cret';

// Discord's own endpoint answers 204, the one for Slack's messages 200 and `ok`.
notifierConformance('discord', notifiers.discord, {
  refusals: {
    'a webhook that was deleted': { status: 404, body: '{"message":"Unknown Webhook","code":10015}' },
    'too many messages': { status: 429, body: '{"message":"You are being rate limited.","retry_after":0.3}' },
  },
  postsTo: (url) => url.replace('?', '/slack?'),
});

test.each([
  ['/api/webhooks/1087/tok', '/api/webhooks/1087/tok/slack'],
  ['/api/webhooks/1087/tok/', '/api/webhooks/1087/tok/slack'],
  ['/api/webhooks/1087/tok/slack', '/api/webhooks/1087/tok/slack'],
  ['/api/webhooks/1087/tok?thread_id=7', '/api/webhooks/1087/tok/slack?thread_id=7'],
])('the address %s is posted to at %s', async (given, posted) => {
  const { received } = await send(notifiers.discord, { body: 'ok' }, alert, { path: given });
  expect(received[0]!.url).toBe(posted);
});

test('the message is Slack’s, without a token', async () => {
  const { received } = await send(
    notifiers.discord,
    { body: 'ok' },
    { ...alert, severity: 'error' },
    { path },
  );
  expect(JSON.parse(received[0]!.body)).toMatchObject({
    channel: 'general',
    username: 'flagger',
    attachments: [{ color: 'danger', author_name: 'podinfo.test', text: alert.message }],
  });
  expect(received[0]!.headers.authorization).toBeUndefined();
});
