import { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { CanaryAnalysis } from '../../api/canary.js';
import type { ProviderCapabilities, RouterName } from '../../api/providers.js';
import { constructError } from '../failure.js';
import { formatPeriod, wholeSeconds } from '../period.js';
import { checkProps, type Shape } from '../shape.js';
import { affinityShape, renderAffinity, type SessionAffinityProps } from './affinity.js';
import { Match } from './match.js';
import { checkCount, checkNumber } from './range.js';

export interface AnalysisProps {
  /** Time between checks; whole seconds, at least 10. @default 1 minute */
  readonly interval?: Duration;
  /** Failed checks that roll back; at least 1. @default 5 */
  readonly threshold?: number;
}

/** Copies of the primary's requests that the canary gets before it gets any of its own; what it answers is dropped. */
export interface MirrorProps {
  /**
   * Requests are copied at the first check (canary) or at every one (blue/green). They reach the application twice, so
   * they must not change anything. Istio and Gateway API only.
   * @default false
   */
  readonly mirror?: boolean | { /** Share that is copied, 1 to 100; Istio only. */ readonly percent: number };
}

export interface CanaryStrategyProps extends AnalysisProps, MirrorProps {
  /** Share of traffic added at each step, 1 to 100 percent. @default 10 */
  readonly stepWeight?: number;
  /** Instead of `stepWeight`: the share at each step, rising, 1 to 100 percent. @default - equal steps */
  readonly stepWeights?: readonly number[];
  /** Share at which the canary has passed, 1 to 100 percent, at least `stepWeight`. @default 50 */
  readonly maxWeight?: number;
  /** Share moved back at each step of the promotion, 1 to 100 percent. @default - all at once */
  readonly stepWeightPromotion?: number;
  /** Whoever has seen the new version stays on it. Istio and Gateway API only. @default - chance decides each time */
  readonly sessionAffinity?: SessionAffinityProps;
}

export interface IterationStrategyProps extends AnalysisProps {
  /** Checks that must pass; at least 1. @default 10 */
  readonly iterations?: number;
}

export interface BlueGreenStrategyProps extends IterationStrategyProps, MirrorProps {}

export interface AbTestStrategyProps extends IterationStrategyProps {
  /** The requests that the canary gets; one match suffices. */
  readonly match: readonly Match[];
}

const analysis: Shape<AnalysisProps> = { interval: 'duration', threshold: 'number' };
const iteration: Shape<IterationStrategyProps> = { ...analysis, iterations: 'number' };
const blueGreen: Shape<BlueGreenStrategyProps> = { ...iteration, mirror: 'any' };
const abTest: Shape<AbTestStrategyProps> = { ...iteration, match: { required: { each: Match } } };
const canary: Shape<CanaryStrategyProps> = {
  ...analysis,
  mirror: 'any',
  stepWeight: 'number',
  stepWeights: 'list',
  maxWeight: 'number',
  stepWeightPromotion: 'number',
  sessionAffinity: affinityShape,
};

type Render = (scope: IConstruct, provider: RouterName) => Partial<CanaryAnalysis>;

type Wishes = AnalysisProps & MirrorProps & Pick<CanaryStrategyProps, 'sessionAffinity'>;

/** How a new version meets its users. */
export class Strategy {
  /** A growing share of all requests. */
  static canary(props: CanaryStrategyProps = {}): Strategy {
    const { sessionAffinity, mirror } = checkProps('Strategy.canary', props, canary);
    return new Strategy('canary', props, (scope) => ({
      ...renderWeights(scope, props),
      ...renderMirror(scope, mirror),
      ...(sessionAffinity && { sessionAffinity: renderAffinity(scope, sessionAffinity) }),
    }));
  }

  /** None, while the checks run against the new version alone; then all. */
  static blueGreen(props: BlueGreenStrategyProps = {}): Strategy {
    checkProps('Strategy.blueGreen', props, blueGreen);
    return new Strategy('blueGreen', props, (scope) => ({
      ...renderIterations(scope, props),
      ...renderMirror(scope, props.mirror),
    }));
  }

  /** The requests of some users. */
  static abTest(props: AbTestStrategyProps): Strategy {
    checkProps('Strategy.abTest', props, abTest);
    return new Strategy('abTest', props, (scope, provider) => {
      checkNumber(scope, 'match.length', props.match.length, { min: 1 });
      return { ...renderIterations(scope, props), match: props.match.map((match) => match.render(provider)) };
    });
  }

  private constructor(
    readonly kind: 'canary' | 'blueGreen' | 'abTest',
    private readonly props: Wishes,
    private readonly steps: Render,
  ) {}

  /** What of a router it needs. */
  get needs(): Required<ProviderCapabilities> {
    const { mirror, sessionAffinity } = this.props;
    return {
      weights: this.kind === 'canary',
      abTest: this.kind === 'abTest',
      mirror: mirror !== undefined && mirror !== false,
      sessionAffinity: sessionAffinity !== undefined,
    };
  }

  /** The part of `spec.analysis` that says when and how much; throws what is out of range. */
  render(
    scope: IConstruct,
    provider: RouterName,
  ): Pick<CanaryAnalysis, 'interval' | 'threshold'> & Partial<CanaryAnalysis> {
    const { interval = Duration.minutes(1), threshold = 5 } = this.props;
    checkNumber(scope, 'interval in seconds', wholeSeconds(scope, 'interval', interval), { min: 10 });
    checkCount(scope, 'threshold', threshold);
    return { interval: formatPeriod(scope, 'interval', interval), threshold, ...this.steps(scope, provider) };
  }
}

const percent = { min: 1, max: 100, whole: true };

function renderWeights(scope: IConstruct, props: CanaryStrategyProps): Partial<CanaryAnalysis> {
  const { stepWeights, stepWeightPromotion } = props;
  if (stepWeightPromotion !== undefined) {
    checkNumber(scope, 'stepWeightPromotion', stepWeightPromotion, percent);
  }
  const promotion = stepWeightPromotion === undefined ? {} : { stepWeightPromotion };
  if (stepWeights) {
    checkSteps(scope, props, stepWeights);
    return { stepWeights: [...stepWeights], ...promotion };
  }
  const { stepWeight = 10, maxWeight = 50 } = props;
  checkNumber(scope, 'stepWeight', stepWeight, percent);
  checkNumber(scope, 'maxWeight', maxWeight, percent);
  if (maxWeight < stepWeight) {
    throw constructError(scope, {
      code: 'CONSTRUCT_WEIGHTS',
      message: `expected maxWeight of at least stepWeight, got maxWeight ${maxWeight} and stepWeight ${stepWeight}`,
      remedy: 'raise maxWeight or lower stepWeight: the first step is stepWeight already',
    });
  }
  return { stepWeight, maxWeight, ...promotion };
}

function checkSteps(scope: IConstruct, props: CanaryStrategyProps, steps: readonly number[]): void {
  if (props.stepWeight !== undefined || props.maxWeight !== undefined) {
    throw constructError(scope, {
      code: 'CONSTRUCT_WEIGHTS',
      message: 'expected stepWeights alone, got stepWeight or maxWeight with it',
      remedy: 'drop stepWeight and maxWeight: the last of stepWeights is the most the canary gets',
    });
  }
  checkNumber(scope, 'stepWeights.length', steps.length, { min: 1 });
  steps.forEach((step, index) => {
    checkNumber(scope, `stepWeights[${index}]`, step, percent);
    const before = steps[index - 1];
    if (before !== undefined && step <= before) {
      throw constructError(scope, {
        code: 'CONSTRUCT_WEIGHTS',
        message: `stepWeights: expected rising shares, got ${before} before ${step}`,
        remedy: 'put the shares in rising order, each once',
      });
    }
  });
}

function renderIterations(scope: IConstruct, props: IterationStrategyProps): Partial<CanaryAnalysis> {
  const iterations = props.iterations ?? 10;
  checkCount(scope, 'iterations', iterations);
  return { iterations };
}

function renderMirror(scope: IConstruct, mirror: MirrorProps['mirror']): Partial<CanaryAnalysis> {
  if (!mirror) return {};
  if (mirror === true) return { mirror };
  checkNumber(scope, 'mirror.percent', mirror.percent, percent);
  return { mirror: true, mirrorWeight: mirror.percent };
}
