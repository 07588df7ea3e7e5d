import type { CanaryMetric } from '../../../lib/api/canary.js';
import { askMetrics } from '../../../lib/core/checks/metrics.js';
import type { MetricAnswer } from '../../../lib/core/decision.js';
import { standingOf } from '../../../lib/core/situation.js';
import { eventText, eventType } from '../../../lib/core/text.js';
import { World } from '../model.js';

/** Asks for metrics, answering in order; says what was asked and what the event would be. */
function ask(metrics: CanaryMetric[], ...answers: MetricAnswer[]): { asked: string[]; text?: string } {
  const world = new World({ analysis: { metrics } });
  const asking = askMetrics(standingOf(world.observe()));
  const asked: string[] = [];
  let turn = asking.next();
  while (!turn.done) {
    const question = turn.value;
    if (question.type === 'metric') asked.push(`${question.source} ${question.metric.name}`);
    turn = asking.next(answers[asked.length - 1] ?? { kind: 'value', value: 100 });
  }
  const { failure } = turn.value;
  if (!failure) return { asked };
  expect(eventType(failure)).toBe('Warning');
  return { asked, text: eventText(failure, world.canary) };
}

const value = (n: number): MetricAnswer => ({ kind: 'value', value: n });
const noData: MetricAnswer = {
  kind: 'noData',
  provider: 'nginx',
  detail: 'running query failed: no values found',
};
const rate = { name: 'request-success-rate', thresholdRange: { min: 99 } };
const duration = { name: 'request-duration', thresholdRange: { max: 500 } };
const latency = { name: 'latency', templateRef: { name: 'latency' }, thresholdRange: { max: 100 } };
const inline = { name: 'errors', query: 'sum(errors)', thresholdRange: { max: 100 } };

test('built-in metrics and inline queries come before templates, each as listed', () => {
  expect(ask([latency, inline, duration, rate]).asked).toEqual([
    'inline errors',
    'builtin request-duration',
    'builtin request-success-rate',
    'template latency',
  ]);
});

test('a metric that is several things is asked for each of them', () => {
  expect(ask([{ ...rate, query: 'up', templateRef: { name: 'x' } }]).asked).toEqual([
    'builtin request-success-rate',
    'inline request-success-rate',
    'template request-success-rate',
  ]);
});

test('the first failure ends it', () => {
  expect(ask([rate, latency], value(50))).toEqual({
    asked: ['builtin request-success-rate'],
    text: 'Halt podinfo.test advancement success rate 50.00% < 99%',
  });
});

test.each<[CanaryMetric, MetricAnswer, string | undefined]>([
  [rate, value(99), undefined],
  [rate, value(98.694), 'Halt podinfo.test advancement success rate 98.69% < 99%'],
  [
    { ...rate, thresholdRange: { max: 100 } },
    value(101),
    'Halt podinfo.test advancement success rate 101.00% > 100%',
  ],
  [
    { name: rate.name, threshold: 99.5 },
    value(99.2),
    'Halt podinfo.test advancement success rate 99.20% < 99.5%',
  ],
  [duration, value(500.9), undefined],
  [duration, value(1515.7), 'Halt podinfo.test advancement request duration 1.515s > 500ms'],
  [
    { ...duration, thresholdRange: { min: 5.9 } },
    value(4),
    'Halt podinfo.test advancement request duration 4ms < 5ms',
  ],
  [{ name: duration.name }, value(1), 'Halt podinfo.test advancement request duration 1ms > 0s'],
  [latency, value(100), undefined],
  [
    { ...latency, thresholdRange: { max: 0.5 } },
    value(1.97),
    'Halt podinfo.test advancement latency 1.97 > 0.5',
  ],
  [
    { ...latency, thresholdRange: { min: 1e-5 } },
    value(0),
    'Halt podinfo.test advancement latency 0.00 < 1e-05',
  ],
  [latency, value(Number.POSITIVE_INFINITY), 'Halt podinfo.test advancement latency +Inf > 100'],
  [
    { ...latency, thresholdRange: undefined, threshold: 2 },
    value(3),
    'Halt podinfo.test advancement latency 3.00 > 2',
  ],
  [inline, value(101), 'Halt podinfo.test advancement errors 101.00 > 100'],
])('%j answered with %j', (metric, answer, text) => {
  expect(ask([metric], answer).text).toBe(text);
});

test.each<[CanaryMetric, string]>([
  [
    rate,
    'Halt advancement no values found for nginx metric request-success-rate probably podinfo.test is not receiving traffic: running query failed: no values found',
  ],
  [
    duration,
    'Halt advancement no values found for nginx metric request-duration probably podinfo.test is not receiving traffic',
  ],
  [inline, 'Halt advancement no values found for metric: errors'],
  [
    latency,
    'Halt advancement no values found for custom metric: latency: running query failed: no values found',
  ],
])('no data for %j', (metric, text) => {
  expect(ask([metric], noData).text).toBe(text);
});

test('a value that is not a number is no data', () => {
  expect(ask([inline], value(Number.NaN)).text).toBe('Halt advancement no values found for metric: errors');
});

test('what the provider says is the event', () => {
  const text = 'Prometheus query failed: connection refused';
  expect(ask([rate], { kind: 'error', text }).text).toBe(text);
});

test('a metric that is nothing fails, after the others have been asked', () => {
  expect(ask([{ name: 'mystery' }, rate])).toEqual({
    asked: ['builtin request-success-rate'],
    text: 'Metric query failed for no usable metrics template and query were configured',
  });
});
