import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Webhook } from '../../api/canary.js';
import { constructError } from '../failure.js';
import { formatPeriod } from '../period.js';
import type { LoadTester } from '../platform/loadTester.js';
import { checkProps, type Shape } from '../shape.js';
import { checkCommandHosts } from './commandHosts.js';
import type { Command, Endpoints } from './endpoints.js';
import { type LoadProps, loadMetadata, loadShape } from './loadCommand.js';
import { checkNumber } from './range.js';

export interface AcceptanceProps {
  /** Run by bash before the first request is sent to the new version; it passes when the command exits with 0. */
  readonly command: Command;
  /** @default acceptance-test */
  readonly name?: string;
  /** At most this long. @default 30 seconds */
  readonly timeout?: Duration;
  /**
   * Tries after one that failed, 1 s, 2 s, 4 s … later. A test that calls the new version by its Service may come
   * before the nodes have heard of the Service's new pods. @default 0
   */
  readonly retries?: number;
}

export interface HookProps {
  /** @default - the hook's type */
  readonly name?: string;
  /** Posted to. @default - the load tester's gate (confirm hooks) or rollback switch (rollback hook) */
  readonly url?: string;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** Sent along. @default - none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tries after one that failed; at least 0. @default 0 */
  readonly retries?: number;
  /** Skip verification of the server's certificate. @default false */
  readonly disableTls?: boolean;
  /** No alert when a confirm hook refuses. @default false */
  readonly muteAlert?: boolean;
}

export type HookWithUrl = HookProps & { readonly url: string };

const acceptance: Shape<AcceptanceProps> = {
  command: { required: 'any' },
  name: 'text',
  timeout: 'duration',
  retries: 'number',
};
const hook: Shape<HookProps> = {
  name: 'text',
  url: 'text',
  timeout: 'duration',
  metadata: 'object',
  retries: 'number',
  disableTls: 'switch',
  muteAlert: 'switch',
};
const hookWithUrl: Shape<HookWithUrl> = { ...hook, url: { required: 'text' } };

/** What a check is bound to: the release it belongs to. */
export interface CheckContext {
  readonly scope: Construct;
  readonly endpoints: Endpoints;
  readonly loadTester: LoadTester | undefined;
}

/** A hook: something outside that has a say in a rollout. */
export class Check {
  /** A test of the new version before anybody else sees it. */
  static acceptance(props: AcceptanceProps): Check {
    checkProps('Check.acceptance', props, acceptance);
    return new Check((context) => {
      const name = props.name ?? 'acceptance-test';
      const { url, namespace: runsIn } = requireLoadTester(context, name);
      const { endpoints, scope } = context;
      const command = typeof props.command === 'string' ? props.command : props.command(endpoints);
      checkCommandHosts(scope, { check: name, command, endpoints, runsIn });
      checkRetries(scope, name, props.retries);
      const timeout = formatPeriod(scope, `timeout of check ${name}`, props.timeout ?? Duration.seconds(30));
      return {
        name,
        type: 'pre-rollout',
        url,
        timeout,
        metadata: { type: 'bash', cmd: command },
        ...(props.retries !== undefined && { retries: props.retries }),
      };
    });
  }

  /** Requests while the analysis runs, so that its metrics have something to count. */
  static load(props: LoadProps = {}): Check {
    checkProps('Check.load', props, loadShape);
    return new Check((context) => {
      const name = props.name ?? 'load-test';
      const { url, namespace: runsIn } = requireLoadTester(context, name);
      const { endpoints, scope } = context;
      const metadata = loadTask(scope, name, props, endpoints, runsIn);
      if (props.logOutput) metadata.logCmdOutput = 'true';
      return { name, type: 'rollout', url, timeout: '5s', metadata };
    });
  }

  /** Asked before a new version is started; waits until it agrees. */
  static confirmRollout(props: HookProps = {}): Check {
    return Check.hook('confirm-rollout', checkProps('Check.confirmRollout', props, hook), 'gate/check');
  }

  /** Asked before the first request is sent to the new version; a refusal is a failed check. */
  static preRollout(props: HookWithUrl): Check {
    return Check.hook('pre-rollout', checkProps('Check.preRollout', props, hookWithUrl));
  }

  /** Asked at every check; a refusal is a failed check. */
  static rollout(props: HookWithUrl): Check {
    return Check.hook('rollout', checkProps('Check.rollout', props, hookWithUrl));
  }

  /** Asked before every further share of traffic; waits until it agrees. */
  static confirmTrafficIncrease(props: HookProps = {}): Check {
    return Check.hook(
      'confirm-traffic-increase',
      checkProps('Check.confirmTrafficIncrease', props, hook),
      'gate/check',
    );
  }

  /** Asked before the promotion; waits until it agrees. */
  static confirmPromotion(props: HookProps = {}): Check {
    return Check.hook('confirm-promotion', checkProps('Check.confirmPromotion', props, hook), 'gate/check');
  }

  /** Asked all the time; when it agrees, the rollout is rolled back. */
  static rollback(props: HookProps = {}): Check {
    return Check.hook('rollback', checkProps('Check.rollback', props, hook), 'rollback/check');
  }

  /** Told when the rollout is over, whichever way. */
  static postRollout(props: HookWithUrl): Check {
    return Check.hook('post-rollout', checkProps('Check.postRollout', props, hookWithUrl));
  }

  /** Told every event. */
  static event(props: HookWithUrl): Check {
    return Check.hook('event', checkProps('Check.event', props, hookWithUrl));
  }

  /** `gate` is the load tester's path that answers when no URL is given. */
  private static hook(type: NonNullable<Webhook['type']>, props: HookProps, gate = ''): Check {
    return new Check((context) => {
      const { name = type, retries, metadata } = props;
      checkRetries(context.scope, name, retries);
      const url = props.url ?? `${requireLoadTester(context, name).url}${gate}`;
      return {
        name,
        type,
        url,
        ...(props.timeout && {
          timeout: formatPeriod(context.scope, `timeout of check ${name}`, props.timeout),
        }),
        ...(metadata && { metadata: { ...metadata } }),
        ...(retries !== undefined && { retries }),
        ...(props.disableTls && { disableTLS: true }),
        ...(props.muteAlert && { muteAlert: true }),
      };
    });
  }

  private constructor(private readonly bindTo: (context: CheckContext) => Webhook) {}

  /** The entry of `spec.analysis.webhooks`. */
  bind(context: CheckContext): Webhook {
    return this.bindTo(context);
  }
}

function checkRetries(scope: Construct, check: string, retries: number | undefined): void {
  if (retries !== undefined)
    checkNumber(scope, `retries of check ${check}`, retries, { min: 0, whole: true });
}

/** By the load tester itself, or by the command that was given. */
function loadTask(
  scope: Construct,
  check: string,
  props: LoadProps,
  endpoints: Endpoints,
  runsIn: string,
): Record<string, string> {
  if (props.command === undefined) return loadMetadata(scope, check, props, endpoints);
  const command = typeof props.command === 'string' ? props.command : props.command(endpoints);
  checkCommandHosts(scope, { check, command, endpoints, runsIn, only: props.hosts ?? [] });
  return { type: 'cmd', cmd: command };
}

function requireLoadTester({ scope, loadTester }: CheckContext, check: string): LoadTester {
  if (loadTester) return loadTester;
  throw constructError(scope, {
    code: 'CONSTRUCT_LOADTESTER_MISSING',
    message: `check ${check}: expected a load tester to run it, got a platform with \`loadTester: false\``,
    remedy:
      'drop `loadTester: false` from the platform, or give the check a `url` of your own (checks: [] for none)',
  });
}
