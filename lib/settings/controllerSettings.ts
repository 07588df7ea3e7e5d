import type { ControllerOptions } from '../engine/options.js';
import type { GlobalNotifierFlags } from '../notifiers/global.js';
import type { ControllerFlags } from './controllerFlags.js';

/** What the flags mean, sorted by who needs it. */
export interface ControllerSettings {
  readonly controller: ControllerOptions;
  readonly connection: {
    readonly kubeconfig: string;
    readonly master: string;
    /** Of the cluster that has the routing objects; '' for the same. */
    readonly routingKubeconfig: string;
    /** API requests a second in the long run, and at once. */
    readonly qps: number;
    readonly burst: number;
  };
  readonly notifier: GlobalNotifierFlags;
  readonly log: { readonly level: string; readonly encoding: string };
  readonly port: number;
  /** Hooks, metrics and alerts may go to link-local addresses. */
  readonly metadataAddresses: boolean;
  /** Namespace of the Lease, as in Flagger the watched one where there is one; undefined when there is no election. */
  readonly leaderElectionNamespace: string | undefined;
}

export function settingsOf(flags: ControllerFlags): ControllerSettings {
  return {
    controller: {
      namespace: flags.namespace,
      meshProvider: flags['mesh-provider'],
      metricsServer: flags['metrics-server'],
      selectorLabels: flags['selector-labels'],
      includeLabelPrefixes: flags['include-label-prefix'],
      ingressAnnotationsPrefix: flags['ingress-annotations-prefix'],
      ingressClass: flags['ingress-class'],
      clusterName: flags['cluster-name'],
      noCrossNamespaceRefs: flags['no-cross-namespace-refs'],
      configTracking: flags['enable-config-tracking'],
      secretsByName: flags['secrets-by-name'],
      eventWebhook: flags['event-webhook'],
      ...loadTesterOf(flags),
      concurrency: flags.threadiness,
    },
    connection: {
      kubeconfig: flags.kubeconfig,
      master: flags.master,
      routingKubeconfig: flags['kubeconfig-service-mesh'],
      qps: flags['kubeconfig-qps'],
      burst: flags['kubeconfig-burst'],
    },
    notifier: {
      slackUrl: flags['slack-url'],
      slackToken: flags['slack-token'],
      slackProxyUrl: flags['slack-proxy-url'],
      slackUser: flags['slack-user'],
      slackChannel: flags['slack-channel'],
      msteamsUrl: flags['msteams-url'],
      msteamsProxyUrl: flags['msteams-proxy-url'],
    },
    log: { level: flags['log-level'], encoding: flags['zap-encoding'] },
    port: flags.port,
    metadataAddresses: flags['allow-metadata-addresses'],
    leaderElectionNamespace: flags['enable-leader-election']
      ? flags.namespace || flags['leader-election-namespace']
      : undefined,
  };
}

/** All three flags or none: controllerRefusals.ts refuses anything between. */
function loadTesterOf(flags: ControllerFlags): Pick<ControllerOptions, 'loadTester'> {
  const { loadtester: url, 'loadtester-token': secret, 'loadtester-digest': digest } = flags;
  return url && secret && digest ? { loadTester: { url, secret, digest } } : {};
}
