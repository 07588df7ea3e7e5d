import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { constructError, reportLine } from '../failure.js';
import { defineGrant, type Rule } from '../identity.js';
import type { CanaryPlatform } from '../platform/canaryPlatform.js';

export interface SecretAccess {
  /** Of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly platform: CanaryPlatform;
  /** Secrets that the pods name: their metadata is watched, and the primary gets copies of them. */
  readonly tracked: readonly string[];
  /** Secrets that the release's alerts name. */
  readonly read: readonly string[];
}

/** Lets the controller read the Secrets of a release, each by its name, where it may not read all. */
export function defineSecretAccess(scope: Construct, access: SecretAccess): void {
  const { name, namespace, platform } = access;
  const { secrets, tracks, enforcedOwners } = platform.controller;
  if (secrets === 'all') return;
  const rules = [
    ...(tracks ? trackedRules(access.tracked, enforcedOwners) : []),
    ...rule(access.read, ['get']),
  ];
  if (rules.length === 0) return;
  defineGrant(scope, 'secrets', {
    name: `${name}-perch-secrets`,
    namespace,
    rules,
    to: platform.controller.account,
  });
}

function trackedRules(names: readonly string[], enforcedOwners: boolean): Rule[] {
  if (names.length === 0) return [];
  const copies = names.map((name) => `${name}-primary`);
  return [
    ...rule(names, ['get', 'list', 'watch']),
    ...rule(copies, ['get', 'update', ...(enforcedOwners ? ['delete'] : [])]),
    // what does not exist yet has no name that a right could be given for
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  ];
}

function rule(resourceNames: readonly string[], verbs: readonly string[]): Rule[] {
  if (resourceNames.length === 0) return [];
  return [
    { apiGroups: [''], resources: ['secrets'], resourceNames: [...new Set(resourceNames)].sort(), verbs },
  ];
}

/** At synth: a Secret that the workload came to name later is one that the controller could not read. */
export function checkSecretsAtSynth(
  scope: Construct,
  workload: ApiObject,
  { platform, tracked }: Pick<SecretAccess, 'platform' | 'tracked'>,
): void {
  const { secrets, tracks } = platform.controller;
  if (secrets === 'all' || !tracks) return;
  const missing = () => secretsNamedIn(workload.toJson()).filter((name) => !tracked.includes(name));
  scope.node.addValidation({
    validate: () =>
      [...new Set(missing())].map((name) => {
        const error = constructError(scope, {
          code: 'CONSTRUCT_SECRET_UNNAMED',
          message: `secrets: expected every Secret that the pods of ${workload.name} name, got none called ${name}`,
          remedy: `add '${name}' to \`secrets\`, or let the controller read all by \`controller: { secrets: 'all' }\` of the platform`,
        });
        return reportLine(error);
      }),
  });
}

/** Names of the Secrets that a pod's variables, `envFrom` and volumes name, wherever in a manifest they stand. */
export function secretsNamedIn(manifest: unknown): string[] {
  if (manifest === null || typeof manifest !== 'object') return [];
  if (Array.isArray(manifest)) return manifest.flatMap(secretsNamedIn);
  return Object.entries(manifest).flatMap(([field, value]) => {
    const named = /^(secretKeyRef|secretRef|secret)$/.test(field) ? nameIn(value) : undefined;
    return [...(named === undefined ? [] : [named]), ...secretsNamedIn(value)];
  });
}

function nameIn(reference: unknown): string | undefined {
  const { name, secretName } = (reference ?? {}) as Record<string, unknown>;
  const found = secretName ?? name;
  return typeof found === 'string' ? found : undefined;
}
