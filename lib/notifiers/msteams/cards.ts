import type { Alert } from '../../ports/notifier.js';
import type { CardFormat } from './format.js';

/** A card a format; what each shows is the same. */
export const cards: Readonly<Record<CardFormat, (alert: Alert) => unknown>> = { adaptiveCard, messageCard };

const colors = { info: 'good', warn: 'warning', error: 'attention' };

/** The message that Teams' workflow "when a webhook request is received" posts. */
function adaptiveCard({ name, namespace, message, severity, fields }: Alert): unknown {
  const title = {
    type: 'TextBlock',
    text: message,
    color: colors[severity],
    size: 'medium',
    weight: 'bolder',
    wrap: true,
  };
  const subtitle = {
    type: 'TextBlock',
    text: `${name}.${namespace}`,
    isSubtle: true,
    spacing: 'none',
    wrap: true,
  };
  const facts = fields.map((field) => ({ title: field.name, value: field.value }));
  return {
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
          body: [title, subtitle, ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : [])],
        },
      },
    ],
  };
}

/** The Office connectors' card, as Flagger writes it. */
function messageCard({ name, namespace, message, severity, fields }: Alert): unknown {
  return {
    '@type': 'MessageCard',
    '@context': 'http://schema.org/extensions',
    themeColor: severity === 'error' ? 'FF0000' : '0076D7',
    summary: `${name}.${namespace}`,
    sections: [
      {
        activityTitle: message,
        activitySubtitle: `${name}.${namespace}`,
        facts: fields.map((field) => ({ name: field.name, value: field.value })),
      },
    ],
  };
}
