import { globalNotifier } from '../../lib/notifiers/global.js';
import type { HttpRequest } from '../../lib/ports/http.js';
import { alert } from '../conformance/notifiers.js';

async function requestsOf(flags: Parameters<typeof globalNotifier>[0]): Promise<HttpRequest[]> {
  const requests: HttpRequest[] = [];
  const request = async (asked: HttpRequest) => {
    requests.push(asked);
    return { status: 200, headers: {}, body: 'ok' };
  };
  await globalNotifier(flags, { request })?.send(alert);
  return requests;
}

test('without a URL there is no global notifier', async () => {
  expect(await requestsOf({ slackUrl: '', msteamsUrl: '', slackChannel: 'x' })).toEqual([]);
});

test('Slack gets its channel, user, token and proxy', async () => {
  const [request] = await requestsOf({
    slackUrl: 'https://slack.com/api/chat.postMessage',
    slackChannel: 'releases',
    slackToken: 'xoxb',
    slackProxyUrl: 'http://proxy:3128',
  });
  expect(request).toMatchObject({
    url: 'https://slack.com/api/chat.postMessage',
    proxy: 'http://proxy:3128',
    headers: { Authorization: 'Bearer xoxb' },
  });
  expect(JSON.parse(request!.body!)).toMatchObject({ channel: 'releases', username: 'flagger' });
});

test('Teams, when it has a URL, takes Slack’s place', async () => {
  const [request, second] = await requestsOf({
    slackUrl: 'https://hooks.slack.com/x',
    msteamsUrl: 'https://contoso.webhook.office.com/x',
    msteamsProxyUrl: 'http://proxy:3128',
  });
  expect(second).toBeUndefined();
  expect(request).toMatchObject({ url: 'https://contoso.webhook.office.com/x', proxy: 'http://proxy:3128' });
});

test('Slack without a channel is refused', () => {
  const build = (): unknown =>
    globalNotifier(
      { slackUrl: 'https://hooks.slack.com/x' },
      { request: () => Promise.reject(new Error('no')) },
    );
  expect(build).toThrow(expect.objectContaining({ code: 'NOTIFIER_SETTING' }));
});
