import type { Construct } from 'constructs';
import { flaggerCrds } from '../../api/crds.js';
import { defineClusterWide } from '../manifest.js';

/** Adds the definitions of Canary, MetricTemplate and AlertProvider. */
export function defineCrds(scope: Construct): void {
  for (const { apiVersion, kind, metadata, spec } of flaggerCrds()) {
    defineClusterWide(scope, metadata.name, { apiVersion, kind, metadata, spec });
  }
}
