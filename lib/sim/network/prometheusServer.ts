import type { HttpRequest, HttpResponse } from '../../ports/http.js';
import type { Telemetry } from '../models/telemetry.js';
import { answerQuery } from '../promql/answer.js';

/** The virtual Prometheus' HTTP API: instant queries and the two health paths. `url` is the request's. */
export function prometheusAnswer(
  url: URL,
  request: HttpRequest,
  telemetry: Telemetry,
  nowMs: number,
): HttpResponse {
  if (url.pathname === '/-/ready' || url.pathname === '/-/healthy')
    return { status: 200, headers: {}, body: 'Prometheus Server is Ready.\n' };
  if (!url.pathname.endsWith('/api/v1/query'))
    return { status: 404, headers: {}, body: '404 page not found\n' };
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : url.searchParams;
  telemetry.settleScrapes();
  const time = Number(form.get('time') ?? nowMs / 1000) * 1000;
  const { status, body } = answerQuery(form.get('query') ?? '', telemetry.store, time);
  return { status, headers: { 'content-type': 'application/json' }, body };
}
