import { cards } from '../../lib/notifiers/msteams/cards.js';
import { cardFormat } from '../../lib/notifiers/msteams/format.js';
import { fitCard } from '../../lib/notifiers/msteams/size.js';
import { notifiers } from '../../lib/notifiers/registry.js';
import type { Alert } from '../../lib/ports/notifier.js';
import { alert, notifierConformance, send } from '../conformance/notifiers.js';
import fc from '../property.js';

notifierConformance('msteams', notifiers.msteams, { refusals: {} });

const trigger = '/workflows/abc/triggers/manual/paths/invoke';

test.each([
  [`https://prod-12.westeurope.logic.azure.com:443${trigger}?sig=x`, 'adaptiveCard'],
  [
    `https://1234.ab.environment.api.powerplatform.com/powerautomate/automations/direct${trigger}`,
    'adaptiveCard',
  ],
  ['https://gateway.azure-apihub.net/anything', 'adaptiveCard'],
  [`http://proxy.example.com${trigger}`, 'adaptiveCard'],
  ['http://receiver.test/triggers/manual', 'adaptiveCard'],
  ['https://contoso.webhook.office.com/webhookb2/abc@def/IncomingWebhook/ghi', 'messageCard'],
  ['https://contoso.webhook.office.com/workflows/abc', 'messageCard'],
  ['https://outlook.office.com/webhook/abc', 'messageCard'],
  ['http://receiver.test/hook', 'messageCard'],
  ['http://receiver.test/my-workflows', 'messageCard'],
  ['http://logic.azure.com.example.org/', 'messageCard'],
  ['http://receiver.test/hook#adaptive', 'adaptiveCard'],
  [`https://prod-12.westeurope.logic.azure.com${trigger}#messagecard`, 'messageCard'],
])('%s takes an %s', (url, format) => {
  expect(cardFormat(new URL(url))).toBe(format);
});

test('a workflow gets an Adaptive Card', async () => {
  const { received } = await send(notifiers.msteams, { status: 202, body: '' }, alert, { path: trigger });
  expect(JSON.parse(received[0]!.body)).toEqual({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: '1.2',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'TextBlock',
              text: 'New revision detected, progressing canary analysis.',
              color: 'good',
              size: 'medium',
              weight: 'bolder',
              wrap: true,
            },
            { type: 'TextBlock', text: 'podinfo.test', isSubtle: true, spacing: 'none', wrap: true },
            {
              type: 'FactSet',
              facts: [
                { title: 'Target', value: 'Deployment/podinfo.test' },
                { title: 'Traffic routing', value: 'Weight step: 5 max: 50' },
              ],
            },
          ],
        },
      },
    ],
  });
});

test.each([
  ['info', 'good'],
  ['warn', 'warning'],
  ['error', 'attention'],
] as const)(
  'severity %s of an Adaptive Card is %s, and a card without fields has no facts',
  (severity, color) => {
    const card = cards.adaptiveCard({ ...alert, severity, fields: [] });
    expect(card).toMatchObject({ attachments: [{ content: { body: [{ color }, { type: 'TextBlock' }] } }] });
    expect(JSON.stringify(card)).not.toContain('FactSet');
  },
);

test('a connector gets Flagger’s MessageCard, and no token', async () => {
  const { received } = await send(notifiers.msteams, { body: '1' }, { ...alert, severity: 'error' });
  expect(received[0]!.headers.authorization).toBeUndefined();
  expect(JSON.parse(received[0]!.body)).toEqual({
    '@type': 'MessageCard',
    '@context': 'http://schema.org/extensions',
    themeColor: 'FF0000',
    summary: 'podinfo.test',
    sections: [
      {
        activityTitle: 'New revision detected, progressing canary analysis.',
        activitySubtitle: 'podinfo.test',
        facts: [
          { name: 'Target', value: 'Deployment/podinfo.test' },
          { name: 'Traffic routing', value: 'Weight step: 5 max: 50' },
        ],
      },
    ],
  });
});

test('info and warn of a MessageCard are blue', () => {
  for (const severity of ['info', 'warn'] as const) {
    expect(cards.messageCard({ ...alert, severity })).toMatchObject({ themeColor: '0076D7' });
  }
});

test('a fragment chooses the card and is not sent', async () => {
  const { received } = await send(notifiers.msteams, { body: '1' }, alert, { path: '/hook#adaptive' });
  expect(received[0]!.url).toBe('/hook');
  expect(JSON.parse(received[0]!.body)).toMatchObject({ type: 'message' });
});

test('a long message is cut with an ellipsis, a short field beside it is not', () => {
  const long = { ...alert, message: '日'.repeat(60_000) };
  const text = JSON.stringify(fitCard(long, cards.adaptiveCard));
  expect(text).toContain('日…');
  expect(text).toContain('Weight step: 5 max: 50');
});

const text = fc.oneof(
  fc.string(),
  fc
    .tuple(
      fc.constantFrom('a', '"', '\n', '\u0001', '日', '👩‍🚀', '\ud800'),
      fc.integer({ min: 0, max: 3000 }),
    )
    .map(([unit, count]) => unit.repeat(count)),
);
const alerts: fc.Arbitrary<Alert> = fc.record({
  name: fc.constant('podinfo'),
  namespace: fc.constant('test'),
  message: text,
  severity: fc.constantFrom('info', 'warn', 'error'),
  fields: fc.array(fc.record({ name: text, value: text }), { maxLength: 100, size: 'max' }),
});

test('whatever the alert, the card is at most 28 KB', () => {
  fc.assert(
    fc.property(alerts, fc.constantFrom(cards.adaptiveCard, cards.messageCard), (any, draw) => {
      expect(Buffer.byteLength(JSON.stringify(fitCard(any, draw)))).toBeLessThanOrEqual(28_000);
    }),
    { numRuns: 30 },
  );
});
