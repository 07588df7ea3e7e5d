import type { MetricFailure, Reason } from '../reason.js';
import type { Names } from './names.js';
import { bound, duration, measured } from './numbers.js';

type Breached = Extract<MetricFailure, { code: 'metricBreached' }>;
type NoData = Extract<MetricFailure, { code: 'metricNoData' }>;

/** A value beyond its bound, e.g. `success rate 98.69% < 99%`. */
export function breachText({ metric, unit, breach }: Breached): string {
  const sign = breach.side === 'below' ? '<' : '>';
  switch (unit) {
    case 'percent':
      return `success rate ${measured(breach.value)}% ${sign} ${bound(breach.bound)}%`;
    case 'ms':
      return `request duration ${duration(breach.value)} ${sign} ${duration(breach.bound)}`;
    case 'number':
      return `${metric} ${measured(breach.value)} ${sign} ${bound(breach.bound)}`;
  }
}

/** A metric without values. */
export function noDataText(reason: NoData, names: Names): string {
  const text = flaggerText(reason, names);
  return reason.diagnosis === undefined ? text : `${text}; ${reason.diagnosis}`;
}

function flaggerText({ metric, source, provider, detail }: NoData, names: Names): string {
  const none = 'Halt advancement no values found for';
  if (source === 'inline') return `${none} metric: ${metric}`;
  if (source === 'template') return `${none} custom metric: ${metric}: ${detail}`;
  const text = `${none} ${provider} metric ${metric} probably ${names.target} is not receiving traffic`;
  return metric === 'request-success-rate' ? `${text}: ${detail}` : text;
}

export function metricText(reason: Extract<Reason, MetricFailure>, names: Names): string {
  switch (reason.code) {
    case 'metricBreached':
      return `Halt ${names.canary} advancement ${breachText(reason)}`;
    case 'metricNoData':
      return noDataText(reason, names);
    case 'metricError':
      return reason.text;
    case 'metricUnusable':
      return 'Metric query failed for no usable metrics template and query were configured';
  }
}
