import { queries } from '../../metrics/queries.js';
import { type DataPlane, seriesOf } from '../dataPlanes/dataPlane.js';

/** What the pods of an application expose, and what is there as long as a router is scraped. */
const always: readonly string[] = [
  ...seriesOf({ durations: [{ name: 'http_request_duration_seconds' }] }),
  'nginx_ingress_controller_build_info',
];

/** Names of all series that the virtual Prometheus can have of requests that these data planes count. */
export function knownSeries(dataPlanes: readonly DataPlane[]): string[] {
  return [...new Set([...always, ...dataPlanes.flatMap(seriesOf)])];
}

/** Series that a query, or the template of one, asks for and that nobody exposes. */
export function unknownSeries(query: string, known: readonly string[]): string[] {
  return [...new Set(queries.seriesIn(query))].filter((name) => !known.includes(name));
}
