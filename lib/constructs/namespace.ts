import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { constructError } from './failure.js';
import { defineClusterWide } from './manifest.js';
import type { NamespaceMetadata } from './platform/particulars.js';

const builtIn = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** Throws unless `namespace` is a DNS label. */
export function checkNamespace(scope: Construct, namespace: string): void {
  if (namespace.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_NAMESPACE',
    message: `namespace: expected lower-case letters, digits and dashes, at most 63 of them, got ${JSON.stringify(namespace)}`,
    remedy: 'give another namespace: no cluster has one of that name',
  });
}

/**
 * Declares a namespace once in an app: the second construct that asks for it gets the first one's object.
 * Undefined for the namespaces that every cluster has.
 */
export function declareNamespace(
  scope: Construct,
  id: string,
  name: string,
  metadata: NamespaceMetadata = {},
): ApiObject | undefined {
  if (builtIn.has(name)) return undefined;
  const declared = scope.node.root.node
    .findAll()
    .find((child) => ApiObject.isApiObject(child) && child.kind === 'Namespace' && child.name === name);
  if (declared) return declared as ApiObject;
  return defineClusterWide(scope, id, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...metadata },
  });
}

/**
 * Where an application's namespace is declared: with the platform's where both are in one chart, so that namespaces
 * come first in the output; else with the application.
 */
export function homeOfNamespace(application: Construct, foundation: Construct): Construct {
  return Chart.of(application) === Chart.of(foundation) ? foundation : application;
}
