import { App, Chart, type ChartProps } from 'cdk8s';
import {
  CanaryApp,
  type CanaryAppProps,
  CanaryPlatform,
  type CanaryPlatformProps,
  type PerchError,
} from '../../lib/index.js';

/** Tests read deep into what was written; a wrong path shows as a failed comparison. */
export type Manifest = ReturnType<Chart['toJson']>[number] & {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
};

/** A chart to put constructs into. */
export function createChart(props?: ChartProps): Chart {
  return new Chart(new App(), 'chart', props);
}

/** What the whole program of a chart would write. */
export function synthesise(chart: Chart): Manifest[] {
  return chart.toJson() as Manifest[];
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  expect(found.map(({ metadata }) => metadata.name)).toEqual([name]);
  return found[0]!;
}

/** An application `web` with little said about it. */
export function synthesiseApp(
  props: Partial<CanaryAppProps> = {},
  platform: CanaryPlatformProps = {},
): Manifest[] {
  const chart = createChart();
  new CanaryApp(chart, 'web', {
    platform: new CanaryPlatform(chart, 'platform', platform),
    namespace: 'shop',
    image: 'registry.example.com/web:1',
    port: 8080,
    host: 'web.example.com',
    ...props,
  });
  return synthesise(chart);
}

/** The error that an action throws. */
export function failure(action: () => unknown): PerchError {
  try {
    action();
  } catch (error) {
    return error as PerchError;
  }
  throw new Error('expected an error, got none');
}
