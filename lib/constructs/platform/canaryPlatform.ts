import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Alert } from '../alert.js';
import { refuseTwice } from '../declaredTwice.js';
import { constructError } from '../failure.js';
import { checkNamespace, declareNamespace } from '../namespace.js';
import { checkConstruct, checkProps, type Shape } from '../shape.js';
import { type AlertRulesProps, alertRulesShape, defineAlertRules } from './alertRules.js';
import type { Contour } from './contour/contour.js';
import { includeDefinitions } from './contour/definitions.js';
import { Controller, type ControllerProps, controllerLabels, controllerShape } from './controller.js';
import { dataPlaneNamespaces, installDataPlanes } from './dataPlanes.js';
import { defineCrds } from './definitions.js';
import { sayExpectations } from './expectations.js';
import type { IngressNginx } from './ingressNginx.js';
import { LoadTester, type LoadTesterProps, loadTesterShape } from './loadTester.js';
import { Metrics } from './metrics.js';
import { Prometheus } from './prometheus.js';
import { Routing } from './routing.js';

export interface CanaryPlatformProps {
  /** Namespace of the controller, Prometheus and the load tester; created here. @default perch-system */
  readonly namespace?: string;
  /**
   * The controller's image. The load tester's is called the same, with `perch-loadtester` for `perch-controller`, and is
   * this very one where the name has no `perch-controller` in it. @default perch-controller:dev
   */
  readonly image?: string;
  /** What sends the requests. @default Routing.ingressNginx() */
  readonly routing?: Routing;
  /** What single applications use instead, which are refused others: the controller gets the rights for these too. @default - none */
  readonly furtherRoutings?: readonly Routing[];
  /** Who answers the questions of an analysis. @default Metrics.prometheus() */
  readonly metrics?: Metrics;
  /** @default - one replica, all namespaces */
  readonly controller?: ControllerProps;
  /** False for none; then checks need a URL of their own. @default - one, in the platform's namespace */
  readonly loadTester?: LoadTesterProps | false;
  /** Told of every application that has no alert of its own. @default - nobody */
  readonly alert?: Alert;
  /** Alerts about the controller and its releases, as a PrometheusRule of the Prometheus operator. @default - none */
  readonly alertRules?: AlertRulesProps;
  /** Whether Canary, MetricTemplate and AlertProvider are defined here. @default true */
  readonly crds?: boolean;
}

const shape: Shape<CanaryPlatformProps> = {
  namespace: 'text',
  image: 'text',
  routing: Routing,
  furtherRoutings: { each: Routing },
  metrics: Metrics,
  controller: controllerShape,
  loadTester: 'any',
  alert: Alert,
  alertRules: alertRulesShape,
  crds: 'switch',
};

/** What a cluster needs once, before its applications can be released step by step. */
export class CanaryPlatform extends Construct {
  readonly namespace: string;
  readonly routing: Routing;
  /** Its own and the further ones: the controller has the rights for the objects of these. */
  readonly routings: readonly Routing[];
  readonly metrics: Metrics;
  /** URL of the Prometheus in use. */
  readonly metricsAddress: string;
  /** Namespaces and CRDs: everything else, the applications included, comes after these. */
  readonly foundation: Construct;
  /** ingress-nginx, where a routing installs it. */
  readonly router: IngressNginx | undefined;
  /** Contour with Envoy, where a routing installs it. */
  readonly contour: Contour | undefined;
  /** What its routings need in the cluster and it does not bring; synthesis says it on stderr. */
  readonly expectations: readonly string[];
  readonly prometheus: Prometheus | undefined;
  readonly controller: Controller;
  readonly loadTester: LoadTester | undefined;

  constructor(scope: Construct, id: string, props: CanaryPlatformProps = {}) {
    super(scope, id);
    refuseTwice(this);
    checkConstruct(this, props, shape);
    if (props.loadTester) checkProps(this.node.path, props.loadTester, loadTesterShape, 'loadTester');
    this.namespace = props.namespace ?? 'perch-system';
    this.routing = props.routing ?? Routing.ingressNginx();
    this.metrics = props.metrics ?? Metrics.prometheus();
    const image = props.image ?? 'perch-controller:dev';
    const routings = [this.routing, ...(props.furtherRoutings ?? [])];
    this.routings = routings;
    this.expectations = [...new Set(routings.flatMap(({ expects }) => expects))];
    sayExpectations(this, routings);
    const controller = { namespace: this.namespace, labels: controllerLabels };
    const tester = props.loadTester !== false && {
      image: image.replace('perch-controller', 'perch-loadtester'),
      ...{ namespace: this.namespace, controller },
      ...props.loadTester,
    };
    props.alert?.check(this);

    this.foundation = new Construct(this, 'foundation');
    const namespaces = [
      this.namespace,
      ...dataPlaneNamespaces(routings),
      ...(tester ? [tester.namespace] : []),
    ];
    this.declareFoundation(namespaces, props.crds ?? true);
    const definitions = routings.flatMap(({ contour }) => contour?.definitions ?? []);
    includeDefinitions(this.foundation, [...new Set(definitions)]);

    const planes = installDataPlanes(this, routings);
    this.router = planes.ingressNginx && this.afterFoundation(planes.ingressNginx);
    this.contour = planes.contour && this.afterFoundation(planes.contour);
    this.prometheus =
      this.metrics.own &&
      this.afterFoundation(
        new Prometheus(this, 'prometheus', { ...this.metrics.own, namespace: this.namespace }),
      );
    this.metricsAddress = this.prometheus?.address ?? this.existingAddress();
    this.loadTester = tester ? this.afterFoundation(new LoadTester(this, 'loadtester', tester)) : undefined;
    this.defineAlertRules(props);
    this.controller = this.afterFoundation(
      new Controller(this, 'controller', props.controller ?? {}, {
        namespace: this.namespace,
        image,
        meshProvider: this.routing.meshProvider,
        routings,
        metricsServer: this.metricsAddress,
        alert: props.alert,
        loadTester: this.loadTester,
      }),
    );
  }

  private defineAlertRules(props: CanaryPlatformProps) {
    const rules = props.alertRules && defineAlertRules(this, this.namespace, props.alertRules);
    if (rules) rules.node.addDependency(this.foundation);
  }

  private declareFoundation(namespaces: readonly string[], crds: boolean): void {
    const declared = new Set<ApiObject>();
    for (const name of new Set(namespaces)) {
      checkNamespace(this, name);
      const object = declareNamespace(this.foundation, `namespace-${name}`, name);
      if (object) declared.add(object);
    }
    // One that another construct declared comes before this platform too.
    for (const object of declared) {
      if (object.node.scope !== this.foundation) this.foundation.node.addDependency(object);
    }
    if (crds) defineCrds(this.foundation);
  }

  private afterFoundation<T extends Construct>(part: T): T {
    part.node.addDependency(this.foundation);
    return part;
  }

  private existingAddress(): string {
    const address = this.metrics.existing?.address ?? '';
    if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
      throw constructError(this, {
        code: 'CONSTRUCT_METRICS_ADDRESS',
        message: `address of the existing Prometheus: expected a URL, got ${JSON.stringify(address)}`,
        remedy: 'give it with scheme, name, namespace and port, e.g. http://prometheus.monitoring:9090',
      });
    }
    return address.replace(/\/$/, '');
  }
}
