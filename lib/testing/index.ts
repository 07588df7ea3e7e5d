export type { SentAlert, TimelineEntry } from './chronicle.js';
export {
  type ExposureBounds,
  matchers,
  type PromotionBounds,
  type RollbackBounds,
  type RolloutMatchers,
} from './matchers.js';
export {
  crashLooping,
  degrading,
  faulty,
  healthy,
  neverReady,
  outOfMemory,
  slow,
} from './models/behaviour.js';
export { type Fault, faults, incidents } from './models/faults.js';
export { type HookModel, hooks } from './models/hooks.js';
export { type Moment, type Operator, operators, type Standing } from './models/operators.js';
export { type TrafficModel, type TrafficTarget, traffic } from './models/traffic.js';
export type { Outcome, Rollout, RolloutFacts } from './rollout.js';
export { type Simulation, simulate } from './simulation.js';
export type { Release, SimulationOptions } from './simulationOptions.js';
export type { Source } from './source.js';
