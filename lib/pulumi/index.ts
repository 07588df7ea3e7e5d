export { CanaryApp, type CanaryAppArgs } from './canaryApp.js';
export { CanaryPlatform, type CanaryPlatformArgs } from './canaryPlatform.js';
export { CanaryRelease, type CanaryReleaseArgs } from './canaryRelease.js';
export { Alert, Check, Match, Metric, Metrics, Probe, Routing, Strategy } from './factories.js';
export type { Inputs } from './inputs.js';
export type { ReleaseOutputs } from './release.js';
export type { WaitArgs } from './waiting.js';
