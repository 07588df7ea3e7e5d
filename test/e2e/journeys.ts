import { apiJourney } from './api/journey.ts';
import { deployJourney } from './deploy/journey.ts';
import type { CreateJourney } from './ground.ts';
import { planesJourney } from './planes/journey.ts';
import { podinfoJourney } from './podinfo/journey.ts';
import { pulumiJourney } from './pulumi/journey.ts';
import { rightsJourney } from './rights/journey.ts';
import { rolloutsJourney } from './rollouts/journey.ts';
import { securityJourney } from './security/journey.ts';
import { soakJourney } from './soak/journey.ts';

/** In the order of `npm run e2e`: the API server's go first, while no controller serves all namespaces. */
export const journeys: Readonly<Record<string, CreateJourney>> = {
  api: apiJourney,
  deploy: deployJourney,
  pulumi: pulumiJourney,
  security: securityJourney,
  rights: rightsJourney,
  podinfo: podinfoJourney,
  rollouts: rolloutsJourney,
  soak: soakJourney,
  planes: planesJourney,
};
