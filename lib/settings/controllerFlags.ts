import {
  booleanFlag,
  choiceFlag,
  durationFlag,
  integerFlag,
  listFlag,
  objectFlag,
  portFlag,
  stringFlag,
} from './flagKinds.js';
import type { FlagValues } from './goFlags.js';
import { libraryFlags } from './libraryFlags.js';

/** The flags of Flagger 1.44 that perch understands; those it refuses are in controllerRefusals.ts. */
export const controllerFlags = {
  kubeconfig: stringFlag(
    '',
    "path of a kubeconfig; without it the pod's account, KUBECONFIG or ~/.kube/config",
  ),
  master: stringFlag('', 'address of the API server, instead of the one in the kubeconfig'),
  // None by default: the API server shares itself out fairly, and a limit of 100 keeps 1,000 new canaries waiting.
  'kubeconfig-qps': integerFlag(-1, 'API requests a second in the long run, negative for no limit'),
  'kubeconfig-burst': integerFlag(250, 'API requests that may leave at once', 1),
  'metrics-server': stringFlag('http://prometheus:9090', 'Prometheus that answers the built-in metrics'),
  'control-loop-interval': durationFlag(
    10_000,
    'longest wait for a change to be seen; perch sees it at once',
  ),
  'log-level': stringFlag('debug', 'debug, info, warn, error, fatal or panic; anything else is info'),
  'zap-encoding': choiceFlag('json', 'console'),
  port: portFlag(8080, 'port of /healthz and /metrics'),
  'slack-url': stringFlag('', 'Slack webhook for canaries that name no alert', 'SLACK_URL'),
  'slack-token': stringFlag('', 'Slack bot token', 'SLACK_TOKEN'),
  'slack-proxy-url': stringFlag('', 'HTTP proxy on the way to Slack', 'SLACK_PROXY_URL'),
  'slack-user': stringFlag('flagger', 'Slack user name'),
  'slack-channel': stringFlag('', 'Slack channel; needed with -slack-url'),
  'msteams-url': stringFlag('', 'Teams webhook for canaries that name no alert', 'MSTEAMS_URL'),
  'msteams-proxy-url': stringFlag('', 'HTTP proxy on the way to Teams', 'MSTEAMS_PROXY_URL'),
  'event-webhook': stringFlag('', 'URL that every event is posted to', 'EVENT_WEBHOOK_URL'),
  loadtester: stringFlag('', 'URL of the load tester that hooks prove themselves to by a token'),
  'loadtester-token': objectFlag('namespace/name of the Secret of that token; made when it is empty'),
  'loadtester-digest': objectFlag('namespace/name of the ConfigMap by which the load tester knows the token'),
  'allow-metadata-addresses': booleanFlag(
    false,
    'let hooks, metrics and alerts go to link-local addresses, where clouds keep credentials',
  ),
  'include-label-prefix': listFlag([], 'prefixes of labels copied to primaries, * for all'),
  threadiness: integerFlag(32, 'canaries handled at the same time', 1),
  namespace: stringFlag('', 'the one namespace to watch; all without it'),
  'mesh-provider': stringFlag('istio', 'provider of canaries that name none'),
  'selector-labels': listFlag(['app', 'name', 'app.kubernetes.io/name'], 'labels that may select pods', 1),
  'ingress-annotations-prefix': stringFlag(
    'nginx.ingress.kubernetes.io',
    "prefix of ingress-nginx's annotations",
  ),
  'enable-leader-election': booleanFlag(false, 'let one of several replicas act'),
  'leader-election-namespace': stringFlag(
    'kube-system',
    'namespace of the Lease, unless -namespace names one',
  ),
  'cluster-name': stringFlag('', 'name of the cluster in alerts'),
  'enable-config-tracking': booleanFlag(
    true,
    'release changed ConfigMaps and Secrets of a target as new revisions',
  ),
  'secrets-by-name': booleanFlag(
    false,
    'watch the Secrets that pods name one by one, so that rights to them can be given by name',
  ),
  'no-cross-namespace-refs': booleanFlag(false, 'canaries may only refer to objects of their own namespace'),
  version: booleanFlag(false, 'print the version and exit'),
  'kubeconfig-service-mesh': stringFlag(
    '',
    'kubeconfig of the cluster that has the objects of meshes and gateways; without it the same cluster',
  ),
  'ingress-class': stringFlag('', 'class of the HTTPProxies made for Contour'),
  ...libraryFlags,
} as const;

export type ControllerFlags = FlagValues<typeof controllerFlags>;
