import { PerchError } from '../../api/errors.js';
import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { invalidAddress, readAddress } from '../address.js';
import { Answer, field } from '../answer.js';
import { ask } from '../ask.js';
import { requireKey } from '../secretKeys.js';
import { requireInterval, timeRange } from '../timeRange.js';
import { readEvents } from './stream.js';

/**
 * Splunk Observability (SignalFx): a SignalFlow program is run over ten intervals until now, at once; the value is the
 * last of the only time series. Flagger has it run over a websocket, perch by `POST /v2/signalflow/execute` with
 * server-sent events, which Splunk documents as the other way (SignalFlow API reference), and which goes through proxies
 * like every other request; both are at the realm's `stream` host.
 *
 * Throws a PerchError when the address is none, the Secret lacks `sf_token_key`, or the metric has no interval.
 */
export function splunkProvider(context: MetricProviderContext): MetricProvider {
  const { api, stream } = hosts(context.address);
  const headers = { 'X-SF-Token': requireKey('splunk', context, 'sf_token_key') };
  const intervalMs = requireInterval(context);
  return {
    query: async (query) => {
      const { from, to } = timeRange(context, intervalMs);
      const answer = await ask(context, {
        url: `${stream}/v2/signalflow/execute?start=${from}&stop=${to}&immediate=true`,
        headers: { ...headers, 'Content-Type': 'text/plain', Accept: 'text/event-stream' },
        body: query,
      });
      return readAnswer(answer);
    },
    online: async () => {
      (await ask(context, { url: `${api}/v2/metric?limit=1`, headers })).requireStatus();
    },
  };
}

/** The realm's two hosts, whichever of them the address names, and in whichever scheme. */
function hosts(address: string): { readonly api: string; readonly stream: string } {
  if (!/^(https?|wss?):\/\//.test(address)) throw invalidAddress('splunk', address, 'https:// or wss://');
  const base = readAddress('splunk', address.replace(/^ws/, 'http'));
  return {
    api: base.replace('://stream.', '://api.'),
    stream: base.replace('://api.', '://stream.'),
  };
}

interface Point {
  readonly series: unknown;
  readonly value: unknown;
}

function readAnswer(answer: Answer): Measurement {
  const points = readPoints(answer.requireStatus()).filter(({ value }) => value !== null);
  if (new Set(points.map(({ series }) => series)).size > 1) throw multipleValues();
  const value = points.at(-1)?.value;
  if (value === undefined || value === 'NaN')
    return { kind: 'noData', detail: 'invalid response: no values found' };
  if (typeof value === 'number') return { kind: 'value', value };
  throw answer.unreadable('expected values that are numbers');
}

function readPoints(answer: Answer): Point[] {
  const events = readEvents(answer.body);
  if (events.length === 0) throw answer.unreadable('expected a stream of events');
  return events.flatMap(({ event, data }) => {
    const message = new Answer({ status: answer.status, body: data }).json();
    const aborted = event === 'control-message' && field(message, 'event') === 'CHANNEL_ABORT';
    if (event === 'error' || aborted) throw queryFailed(answer.quote(data));
    if (event !== 'data') return [];
    const found = field(message, 'data');
    if (!Array.isArray(found)) throw answer.unreadable('expected data');
    return found.map((point) => ({ series: field(point, 'tsId'), value: field(point, 'value') ?? null }));
  });
}

function multipleValues(): PerchError {
  return new PerchError({
    code: 'METRIC_MULTIPLE_VALUES',
    message: 'invalid response: query returned multiple values',
    remedy: 'let the program publish one time series, e.g. by .sum() or .mean()',
    path: 'spec.query',
  });
}

function queryFailed(text: string): PerchError {
  return new PerchError({
    code: 'METRIC_QUERY',
    message: `error executing query: ${text}`,
    remedy: 'correct the SignalFlow program; the answer says what is wrong with it',
    path: 'spec.query',
  });
}
