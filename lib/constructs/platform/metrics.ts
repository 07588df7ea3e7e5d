import type { Duration } from 'cdk8s';
import { type Resources, resourcesShape } from '../resources.js';
import { checkProps, type Shape } from '../shape.js';

export interface PrometheusProps {
  /** @default quay.io/prometheus/prometheus:v3.15.0 */
  readonly image?: string;
  /** How long samples are kept. @default 6 hours */
  readonly retention?: Duration;
  /** How often the router and the pods are asked; shorter than every analysis interval. @default 5 seconds */
  readonly scrapeInterval?: Duration;
  /** @default requests of 100m CPU and 256Mi, a limit of 1Gi */
  readonly resources?: Resources;
}

export interface ExistingPrometheusProps {
  /** URL that the controller reaches it at, e.g. `http://prometheus.monitoring:9090`. A path prefix is kept. */
  readonly address: string;
  /**
   * True when its scrape job keeps the labels that a target exports (`honor_labels: true`). Most do not, and then
   * Flagger's built-in metrics find no values: the router's `namespace` has become `exported_namespace`. With
   * `false`, success rate and duration are written as MetricTemplates that read either.
   * @default false
   */
  readonly honorLabels?: boolean;
}

const own: Shape<PrometheusProps> = {
  image: 'text',
  retention: 'duration',
  scrapeInterval: 'duration',
  resources: resourcesShape,
};
const existing: Shape<ExistingPrometheusProps> = { address: { required: 'text' }, honorLabels: 'switch' };

/** Who answers the questions of an analysis. */
export class Metrics {
  /** A Prometheus of the platform's own, that scrapes the router and every annotated pod. */
  static prometheus(props: PrometheusProps = {}): Metrics {
    return new Metrics(checkProps('Metrics.prometheus', props, own), undefined);
  }

  /** A Prometheus that is there already, in whatever namespace. */
  static existingPrometheus(props: ExistingPrometheusProps): Metrics {
    return new Metrics(undefined, checkProps('Metrics.existingPrometheus', props, existing));
  }

  private constructor(
    readonly own: PrometheusProps | undefined,
    readonly existing: ExistingPrometheusProps | undefined,
  ) {}

  /** Built-in queries find their labels. */
  get builtinsWork(): boolean {
    return this.existing === undefined || this.existing.honorLabels === true;
  }
}
