import { notifiers } from '../../lib/notifiers/registry.js';
import { alert, notifierConformance, send } from '../conformance/notifiers.js';

notifierConformance('gchat', notifiers.gchat, {
  refusals: {
    'a space that is gone': {
      status: 404,
      body: '{"error":{"code":404,"message":"Space not found.","status":"NOT_FOUND"}}',
    },
  },
  alike: 'an error looks like an info: Flagger’s card for Google Chat has one colour',
});

test('the card is Flagger’s', async () => {
  const { received } = await send(notifiers.gchat, { body: '{"name":"spaces/A/messages/B"}' });
  const paragraph = (text: string) => ({ widgets: [{ textParagraph: { text } }] });
  const grey = (text: string) => `<font color=#848484><strong>${text}</strong></font>`;
  expect(JSON.parse(received[0]!.body)).toEqual({
    cards: [
      {
        header: {
          title: 'Flagger',
          subtitle: 'podinfo.test',
          imageUrl: 'https://flagger.app/favicon.png',
        },
        sections: [
          paragraph(grey('New revision detected, progressing canary analysis.')),
          paragraph(`Target<br>${grey('Deployment/podinfo.test')}`),
          paragraph(`Traffic routing<br>${grey('Weight step: 5 max: 50')}`),
        ],
      },
    ],
  });
});

test('what would be markup is shown as it was written', async () => {
  const message = 'Halt podinfo.test advancement success rate 98.69% < 99% & more';
  const { received } = await send(notifiers.gchat, { body: '{}' }, { ...alert, message });
  expect(received[0]!.body).toContain('98.69% &lt; 99% &amp; more</strong>');
});
