import * as k8s from '@pulumi/kubernetes';
import type { CustomResource, CustomResourceOptions } from '@pulumi/pulumi';

export type ResourceClass = new (
  name: string,
  args: Record<string, unknown>,
  options?: CustomResourceOptions,
) => CustomResource;

type Level = Readonly<Record<string, unknown>> | undefined;

/** The SDK's class for a kind; for kinds that it does not know, the one for custom resources. */
export function resourceClass(apiVersion: string, kind: string): ResourceClass {
  const parts = apiVersion.split('/');
  const version = parts.pop() ?? '';
  const group = parts[0] ?? 'core';
  const groups = k8s as unknown as Level;
  const kinds = (groups?.[group.split('.')[0] ?? ''] as Level)?.[version] as Level;
  const found = kinds?.[kind] as (ResourceClass & { __pulumiType?: string }) | undefined;
  if (found?.__pulumiType === `kubernetes:${group}/${version}:${kind}`) return found;
  return k8s.apiextensions.CustomResource as unknown as ResourceClass;
}
