import { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { CanaryAnalysis } from '../../api/canary.js';
import { constructError } from '../failure.js';
import { formatPeriod, wholeSeconds } from '../period.js';
import type { Match } from './match.js';
import { checkNumber } from './range.js';

export interface AnalysisProps {
  /** Time between checks; whole seconds, at least 10. @default 1 minute */
  readonly interval?: Duration;
  /** Failed checks that roll back; at least 1. @default 5 */
  readonly threshold?: number;
}

export interface CanaryStrategyProps extends AnalysisProps {
  /** Share of traffic added at each step, 1 to 100 percent. @default 10 */
  readonly stepWeight?: number;
  /** Instead of `stepWeight`: the share at each step, rising, 1 to 100 percent. @default - equal steps */
  readonly stepWeights?: readonly number[];
  /** Share at which the canary has passed, 1 to 100 percent, at least `stepWeight`. @default 50 */
  readonly maxWeight?: number;
  /** Share moved back at each step of the promotion, 1 to 100 percent. @default - all at once */
  readonly stepWeightPromotion?: number;
}

export interface IterationStrategyProps extends AnalysisProps {
  /** Checks that must pass; at least 1. @default 10 */
  readonly iterations?: number;
}

export interface AbTestStrategyProps extends IterationStrategyProps {
  /** The requests that the canary gets; one match suffices. */
  readonly match: readonly Match[];
}

type Render = (scope: IConstruct) => Partial<CanaryAnalysis>;

/** How a new version meets its users. */
export class Strategy {
  /** A growing share of all requests. */
  static canary(props: CanaryStrategyProps = {}): Strategy {
    return new Strategy('canary', props, (scope) => renderWeights(scope, props));
  }

  /** None, while the checks run against the new version alone; then all. */
  static blueGreen(props: IterationStrategyProps = {}): Strategy {
    return new Strategy('blueGreen', props, (scope) => renderIterations(scope, props));
  }

  /** The requests of some users. */
  static abTest(props: AbTestStrategyProps): Strategy {
    return new Strategy('abTest', props, (scope) => {
      checkNumber(scope, 'match.length', props.match.length, { min: 1 });
      return { ...renderIterations(scope, props), match: props.match.map(({ manifest }) => manifest) };
    });
  }

  private constructor(
    readonly kind: 'canary' | 'blueGreen' | 'abTest',
    private readonly timing: AnalysisProps,
    private readonly steps: Render,
  ) {}

  /** The part of `spec.analysis` that says when and how much; throws what is out of range. */
  render(scope: IConstruct): Pick<CanaryAnalysis, 'interval' | 'threshold'> & Partial<CanaryAnalysis> {
    const interval = this.timing.interval ?? Duration.minutes(1);
    const threshold = this.timing.threshold ?? 5;
    checkNumber(scope, 'interval in seconds', wholeSeconds(scope, 'interval', interval), { min: 10 });
    checkNumber(scope, 'threshold', threshold, { min: 1, whole: true });
    return { interval: formatPeriod(scope, 'interval', interval), threshold, ...this.steps(scope) };
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
  checkNumber(scope, 'iterations', iterations, { min: 1, whole: true });
  return { iterations };
}
