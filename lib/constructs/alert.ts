import type { IConstruct } from 'constructs';
import { constructError } from './failure.js';
import { type SecretKey, secretKeyShape } from './secretKey.js';
import { checkProps, type Shape } from './shape.js';

/** What is told: `info` everything, `warn` warnings and errors, `error` errors only. */
export type AlertLevel = 'info' | 'warn' | 'error';

export interface TeamsAlertProps {
  /**
   * The channel's webhook URL (a Workflows URL or an old connector's), kept in a Secret: in the controller's
   * namespace for a platform's alert, in the application's (and under the key `address`) for an application's.
   */
  readonly webhookUrl: SecretKey;
  /** HTTP proxy to go through, as `http://host:port`. @default - none */
  readonly proxy?: string;
  /** Of an application's alert; a platform's alert tells everything. @default info */
  readonly level?: AlertLevel;
  /** Tells two alerts of one application apart. @default teams */
  readonly name?: string;
}

export interface SlackAlertProps {
  /** The incoming webhook's URL, kept in a Secret (see `TeamsAlertProps.webhookUrl`). */
  readonly webhookUrl: SecretKey;
  /** @default general */
  readonly channel?: string;
  /** Shown as the sender. @default flagger */
  readonly username?: string;
  /** HTTP proxy to go through, as `http://host:port`. @default - none */
  readonly proxy?: string;
  /** Of an application's alert; a platform's alert tells everything. @default info */
  readonly level?: AlertLevel;
  /** Tells two alerts of one application apart. @default slack */
  readonly name?: string;
}

const teams: Shape<TeamsAlertProps> = {
  webhookUrl: { required: secretKeyShape },
  proxy: 'text',
  level: ['info', 'warn', 'error'],
  name: 'text',
};
const slack: Shape<SlackAlertProps> = { ...teams, channel: 'text', username: 'text' };

/** Where people are told how a rollout goes: one for all (`CanaryPlatform.alert`) or an application's own. */
export class Alert {
  /** A Microsoft Teams channel. */
  static teams(props: TeamsAlertProps): Alert {
    checkProps('Alert.teams', props, teams);
    return new Alert('msteams', { name: 'teams', ...props });
  }

  /** A Slack channel. */
  static slack(props: SlackAlertProps): Alert {
    checkProps('Alert.slack', props, slack);
    return new Alert('slack', { name: 'slack', channel: 'general', username: 'flagger', ...props });
  }

  private constructor(
    /** `type` of the AlertProvider. */
    readonly type: 'msteams' | 'slack',
    readonly props: SlackAlertProps & { readonly name: string },
  ) {}

  /** Throws when the proxy is no URL: Go's and Node's clients both fail on a bare host name, at the first alert. */
  check(scope: IConstruct): void {
    const { proxy } = this.props;
    if (proxy === undefined) return;
    if (!/^https?:\/\//.test(proxy) || !URL.canParse(proxy)) {
      throw constructError(scope, {
        code: 'CONSTRUCT_ALERT_PROXY',
        message: `proxy of alert ${this.props.name}: expected a URL such as http://proxy.example.com:3128, got ${JSON.stringify(proxy)}`,
        remedy: `write it with its scheme, e.g. http://${proxy.replace(/^.*\/\//, '')}`,
      });
    }
  }
}
