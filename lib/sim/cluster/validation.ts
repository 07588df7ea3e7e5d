import type { KubeObject } from '../../api/kinds.js';
import { items } from './defaults/pods.js';
import { equal, isObject, type JsonObject } from './json.js';
import type { FieldProblem } from './refusals.js';
import type { ServedKind } from './servedKinds.js';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function checkName(kind: ServedKind, name: string): FieldProblem[] {
  const free = kind.group === 'rbac.authorization.k8s.io';
  if (free || (subdomain.test(name) && name.length <= 253)) return [];
  return [{ path: 'metadata.name', message: `Invalid value: "${name}": ${subdomainRule}` }];
}

function goMap(labels: JsonObject): string {
  return JSON.stringify(labels);
}

function checkDeployment(spec: JsonObject, before: JsonObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const selector = isObject(spec.selector) ? spec.selector : undefined;
  const matchLabels = isObject(selector?.matchLabels) ? selector.matchLabels : {};
  const template = isObject(spec.template) ? spec.template : {};
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  if (!selector) problems.push({ path: 'spec.selector', message: 'Required value' });
  else if (Object.entries(matchLabels).some(([name, value]) => labels[name] !== value))
    problems.push({
      path: 'spec.template.metadata.labels',
      message: `Invalid value: ${goMap(labels)}: \`selector\` does not match template \`labels\``,
    });
  if (before && !equal(before.selector, spec.selector))
    problems.push({
      path: 'spec.selector',
      message: `Invalid value: ${JSON.stringify(selector)}: field is immutable`,
    });
  const podSpec = isObject(template.spec) ? template.spec : {};
  if (items(podSpec.containers).length === 0)
    problems.push({ path: 'spec.template.spec.containers', message: 'Required value' });
  items(podSpec.containers).forEach((container, index) => {
    if (!container.image)
      problems.push({ path: `spec.template.spec.containers[${index}].image`, message: 'Required value' });
  });
  if (typeof spec.replicas === 'number' && spec.replicas < 0)
    problems.push({
      path: 'spec.replicas',
      message: `Invalid value: ${spec.replicas}: must be greater than or equal to 0`,
    });
  return problems;
}

function checkService(spec: JsonObject, before: JsonObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (items(spec.ports).length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    problems.push({ path: 'spec.ports', message: 'Required value' });
  if (before?.clusterIP && before.clusterIP !== spec.clusterIP && spec.type === before.type)
    problems.push({
      path: 'spec.clusterIPs[0]',
      message: `Invalid value: ["${String(spec.clusterIP)}"]: may not change once set`,
    });
  return problems;
}

function checkIngress(spec: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!spec.rules && !spec.defaultBackend)
    problems.push({
      path: 'spec',
      message: 'Invalid value: null: either `defaultBackend` or `rules` must be specified',
    });
  items(spec.rules).forEach((rule, ruleIndex) => {
    const paths = isObject(rule.http) ? items(rule.http.paths) : [];
    paths.forEach((path, index) => {
      if (!path.pathType)
        problems.push({
          path: `spec.rules[${ruleIndex}].http.paths[${index}].pathType`,
          message: 'Required value: pathType must be specified',
        });
    });
  });
  return problems;
}

function checkAutoscaler(spec: JsonObject): FieldProblem[] {
  const { minReplicas, maxReplicas } = spec;
  if (typeof maxReplicas !== 'number' || maxReplicas < 1)
    return [
      {
        path: 'spec.maxReplicas',
        message: `Invalid value: ${String(maxReplicas ?? 0)}: must be greater than 0`,
      },
    ];
  if (typeof minReplicas === 'number' && minReplicas > maxReplicas)
    return [
      {
        path: 'spec.maxReplicas',
        message: `Invalid value: ${maxReplicas}: must be greater than or equal to \`minReplicas\``,
      },
    ];
  return [];
}

/** Keys of a ConfigMap's or Secret's data. */
function checkData({ data }: JsonObject): FieldProblem[] {
  const rule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return Object.keys(isObject(data) ? data : {})
    .filter((name) => !/^[-._a-zA-Z0-9]{1,253}$/.test(name))
    .map((name) => ({ path: `data[${name}]`, message: `Invalid value: "${name}": ${rule}` }));
}

type Check = (spec: JsonObject, before: JsonObject | undefined) => FieldProblem[];

const checks: Readonly<Record<string, Check>> = {
  Deployment: checkDeployment,
  Service: checkService,
  Ingress: checkIngress,
  HorizontalPodAutoscaler: checkAutoscaler,
};

/** What an API server has against the object; nothing when it is valid. Custom kinds are checked by their schema. */
export function problemsOf(
  kind: ServedKind,
  object: KubeObject,
  before: KubeObject | undefined,
): FieldProblem[] {
  const spec = (object as unknown as JsonObject).spec;
  const old = (before as unknown as JsonObject | undefined)?.spec;
  const check = kind.schema ? undefined : checks[kind.kind];
  return [
    ...checkName(kind, object.metadata.name ?? ''),
    ...(kind.kind === 'ConfigMap' || kind.kind === 'Secret'
      ? checkData(object as unknown as JsonObject)
      : []),
    ...(check ? check(isObject(spec) ? spec : {}, isObject(old) ? old : undefined) : []),
  ];
}
