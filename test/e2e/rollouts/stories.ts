import type { Webhook } from 'perch';
import { hooksAddress } from './place.ts';
import type { Story, Visitors } from './story.ts';

const shop: Visitors = { path: '/', rps: 20 };
const errors: Visitors = { path: '/status/500', rps: 10 };
const delays: Visitors = { path: '/delay/1', rps: 10 };
const insiders: Visitors = { path: '/', rps: 10, headers: { 'x-insider': 'yes' } };

const counted = { iterations: 2 };

function hook(type: NonNullable<Webhook['type']>, path: string): Webhook {
  return { name: path, type, url: `${hooksAddress}/${path}` };
}

/** Each on an application of its own, all at the same time. */
export const stories: readonly Story[] = [
  {
    name: 'promoted',
    title: 'a good version is promoted',
    version: '6.9.1',
    visitors: [shop],
    ends: 'Succeeded',
  },
  {
    name: 'errors',
    title: 'a version that answers errors is rolled back',
    version: '6.9.1',
    visitors: [shop, errors],
    ends: 'Failed',
  },
  {
    name: 'latency',
    title: 'a slow version is rolled back by a template of latency',
    version: '6.9.1',
    analysis: {
      metrics: [
        { name: 'latency', templateRef: { name: 'latency' }, thresholdRange: { max: 0.5 }, interval: '1m' },
      ],
    },
    visitors: [shop, delays],
    ends: 'Failed',
  },
  {
    name: 'deadline',
    title: 'a version whose pods never start is rolled back at the deadline',
    version: '6.9.99',
    starts: false,
    spec: { progressDeadlineSeconds: 40 },
    visitors: [shop],
    ends: 'Failed',
  },
  {
    name: 'restarted',
    title: 'another version in the middle begins the run anew',
    version: '6.9.1',
    visitors: [shop],
    moves: [{ at: { weight: 20 }, release: '6.9.2' }],
    ends: 'Succeeded',
  },
  {
    name: 'gated',
    title: 'gates hold the start and the promotion until they are opened',
    version: '6.9.1',
    analysis: {
      webhooks: [hook('confirm-rollout', 'gate/start'), hook('confirm-promotion', 'gate/promotion')],
    },
    visitors: [shop],
    moves: [
      { at: { phase: 'Waiting' }, open: 'gate/start' },
      { at: { phase: 'WaitingPromotion' }, open: 'gate/promotion' },
    ],
    ends: 'Succeeded',
  },
  {
    name: 'aborted',
    title: 'somebody aborts the release at its first step',
    version: '6.9.1',
    visitors: [shop],
    moves: [{ at: { weight: 20 }, ask: 'abort' }],
    ends: 'Failed',
  },
  {
    name: 'bluegreen',
    title: 'blue/green: tests without users, then all of them at once',
    version: '6.9.1',
    analysis: { ...counted, metrics: [], webhooks: [hook('pre-rollout', 'smoke'), hook('rollout', 'load')] },
    visitors: [shop],
    ends: 'Succeeded',
  },
  {
    name: 'abtest',
    title: 'A/B test: insiders alone get the new version, by a header',
    version: '6.9.1',
    analysis: { ...counted, match: [{ headers: { 'x-insider': { exact: 'yes' } } }] },
    visitors: [shop, insiders],
    ends: 'Succeeded',
  },
  {
    name: 'skipped',
    title: 'without analysis the version is promoted at once',
    version: '6.9.1',
    spec: { skipAnalysis: true },
    visitors: [shop],
    ends: 'Succeeded',
  },
  {
    name: 'paused',
    title: 'a release that is paused at a step goes on when it is resumed',
    version: '6.9.1',
    visitors: [shop],
    moves: [
      { at: { weight: 20 }, ask: 'pause' },
      { at: { weight: 20 }, ask: 'resume' },
    ],
    ends: 'Succeeded',
  },
];
