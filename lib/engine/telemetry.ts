import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Canary } from '../api/canary.js';
import { primaryName, strategyOf } from '../api/defaults.js';

export interface Telemetry {
  measured(canary: Canary, metric: string, value: number): void;
  stepped(canary: Canary, seconds: number): void;
  finished(canary: Canary, outcome: 'success' | 'failure', analysis: 'completed' | 'skipped'): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

/** What the gauges are read from when somebody scrapes them. */
export interface TelemetrySource {
  readonly version: string;
  readonly meshProvider: string;
  canaries(): Iterable<Canary>;
  /** Percent of traffic that was last sent to the canary. */
  weightOf(canary: Canary): number;
}

/** The metrics of Flagger 1.44 by the same names and labels, so that dashboards and alerts on them go on working. */
export function createTelemetry(source: TelemetrySource): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  const ofCanary = ['name', 'namespace'] as const;
  const ofRun = [...ofCanary, 'deployment_strategy', 'analysis_status'] as const;
  let observed: Registry | undefined;
  const analysis = new Gauge({
    name: 'flagger_canary_metric_analysis',
    help: 'Last canary analysis result per metric',
    labelNames: [...ofCanary, 'metric'],
    registers,
  });
  const duration = new Histogram({
    name: 'flagger_canary_duration_seconds',
    help: 'Seconds spent performing canary analysis',
    labelNames: ofCanary,
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: ofRun, registers });
  const outcomes = {
    success: counter('flagger_canary_successes_total', 'Total number of canary successes'),
    failure: counter('flagger_canary_failures_total', 'Total number of canary failures'),
  };
  return {
    measured: (canary, metric, value) => analysis.set({ ...labelsOf(canary), metric }, value),
    stepped: (canary, seconds) => duration.observe(labelsOf(canary), seconds),
    finished: (canary, outcome, analysisStatus) =>
      outcomes[outcome].inc({
        ...labelsOf(canary),
        deployment_strategy: strategyOf(canary.spec),
        analysis_status: analysisStatus,
      }),
    async text() {
      observed ??= observeCanaries(source);
      return `${await observed.metrics()}\n${await registry.metrics()}`;
    },
  };
}

/** `name` is the target's, as Flagger has it. */
function labelsOf(canary: Canary) {
  return { name: canary.spec.targetRef.name, namespace: canary.metadata.namespace ?? '' };
}

/** Gauges that follow the canaries that exist, read when they are asked for. */
function observeCanaries(source: TelemetrySource): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'flagger_info',
    help: 'Flagger version and mesh provider information',
    labelNames: ['version', 'mesh_provider'],
    registers,
  }).set({ version: source.version, mesh_provider: source.meshProvider }, 1);
  new Gauge({
    name: 'flagger_canary_total',
    help: 'Total number of canaries by namespace',
    labelNames: ['namespace'],
    registers,
    collect() {
      this.reset();
      for (const canary of source.canaries()) this.inc({ namespace: canary.metadata.namespace ?? '' });
    },
  });
  new Gauge({
    name: 'flagger_canary_status',
    help: 'Last canary analysis status',
    labelNames: ['name', 'namespace'],
    registers,
    collect() {
      this.reset();
      for (const canary of source.canaries()) this.set(labelsOf(canary), statusNumber(canary));
    },
  });
  new Gauge({
    name: 'flagger_canary_weight',
    help: 'The virtual service destination weight current value',
    labelNames: ['workload', 'namespace'],
    registers,
    collect() {
      this.reset();
      for (const canary of source.canaries()) {
        const { name, namespace } = labelsOf(canary);
        const weight = source.weightOf(canary);
        this.set({ workload: primaryName(canary), namespace }, 100 - weight);
        this.set({ workload: name, namespace }, weight);
      }
    },
  });
  return registry;
}

function statusNumber(canary: Canary): number {
  const phase = canary.status?.phase;
  if (phase === 'Progressing') return 0;
  return phase === 'Failed' ? 2 : 1;
}
