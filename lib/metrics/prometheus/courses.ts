import type { Course } from '../../ports/metrics.js';
import { type Answer, element, field } from '../answer.js';
import { readLabels, readSeries, sampleValue } from './answer.js';

/** Every series of an answer: of a vector with one point each, of a matrix with many. */
export function readCourses(answer: Answer): Course[] {
  answer.requireStatus((status) => status < 400);
  return readSeries(answer).map((series) => {
    const values = field(series, 'values') ?? [field(series, 'value')];
    const points = (Array.isArray(values) ? values : []).map((point: unknown) => ({
      atMs: Number(element(point, 0)) * 1000,
      value: sampleValue(point, answer),
    }));
    return { labels: readLabels(field(series, 'metric')), points };
  });
}
