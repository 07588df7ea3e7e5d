import { PerchError } from '../../api/errors.js';
import type { MetricAnswer } from '../../core/decision.js';
import { advisedText, errorText } from '../errorText.js';
import { isUnavailable } from './providers.js';

/** What failed, as an answer to the core; `said` is what Flagger says before the error of a failed query. */
export function failureOf(said: string, error: unknown): Extract<MetricAnswer, { kind: 'error' }> {
  if (isUnavailable(error)) return { kind: 'error', text: advisedText(error) };
  if (isUnreachable(error)) return { kind: 'error', text: `${said}: ${errorText(error)}`, unreachable: true };
  return { kind: 'error', text: `${said}: ${advisedText(error)}` };
}

/** Errors by which nobody answered, or only a proxy or a server that is starting. */
const unreachableCodes: readonly string[] = ['NET_CONNECTION', 'NET_TIMEOUT', 'METRIC_BUSY'];

function isUnreachable(error: unknown): boolean {
  return error instanceof PerchError && unreachableCodes.includes(error.code);
}
