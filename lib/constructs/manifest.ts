import { ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';

/** A Kubernetes object as it will be written; `metadata.name` is always ours, never generated. */
export type Manifest = ApiObjectProps & { readonly metadata: { readonly name: string } };

/** Adds a namespaced object. */
export function define(
  scope: Construct,
  id: string,
  manifest: Manifest & { readonly metadata: { readonly namespace: string } },
): ApiObject {
  return new ApiObject(scope, id, manifest);
}

/** Adds an object that lives in no namespace, even in a chart that has one. */
export function defineClusterWide(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const object = new ApiObject(scope, id, manifest);
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}
