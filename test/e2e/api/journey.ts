import { type Ground, type Journey, takeEach } from '../ground.ts';
import { createSuites } from './suites.ts';

/** The suites that meet an API server with the CRDs and no controller of canaries. */
export function apiJourney(ground: Ground): Journey {
  return { travel: () => takeEach(ground, createSuites(ground)) };
}
