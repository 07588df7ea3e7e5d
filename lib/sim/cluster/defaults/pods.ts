import { isObject, type JsonObject } from '../json.js';

/* Defaults that the API server writes into a pod template (k8s.io/kubernetes pkg/apis/core/v1/defaults.go). */

/** Sets the members that are absent. */
export function fill(object: JsonObject, defaults: JsonObject): void {
  for (const [name, value] of Object.entries(defaults)) if (object[name] === undefined) object[name] = value;
}

/** The items of a list that are objects; none when it is absent. */
export function items(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function pullPolicy(image: unknown): string {
  const name = String(image ?? '');
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  return !name.includes('@') && (tag === undefined || tag === 'latest') ? 'Always' : 'IfNotPresent';
}

function fillProbe(probe: unknown): void {
  if (!isObject(probe)) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (isObject(probe.httpGet)) fill(probe.httpGet, { path: '/', scheme: 'HTTP' });
}

function fillContainer(container: JsonObject): void {
  fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(container.image),
    resources: {},
  });
  for (const port of items(container.ports)) fill(port, { protocol: 'TCP' });
  for (const variable of items(container.env)) {
    if (isObject(variable.valueFrom) && isObject(variable.valueFrom.fieldRef))
      fill(variable.valueFrom.fieldRef, { apiVersion: 'v1' });
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) fillProbe(container[probe]);
}

export function fillPodTemplate(template: unknown): void {
  if (!isObject(template) || !isObject(template.spec)) return;
  const spec = template.spec;
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const { serviceAccountName: account } = spec;
  if (typeof account === 'string' && spec.serviceAccount !== account) spec.serviceAccount = account;
  for (const container of [...items(spec.containers), ...items(spec.initContainers)])
    fillContainer(container);
  for (const volume of items(spec.volumes)) {
    for (const source of ['configMap', 'secret', 'projected', 'downwardAPI'])
      if (isObject(volume[source])) fill(volume[source], { defaultMode: 420 });
  }
}
