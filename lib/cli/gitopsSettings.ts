import { stringify } from 'yaml';
import type { ControlledField } from '../api/controlledFields.js';

export type GitopsTool = 'argocd' | 'flux';

interface Target {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The settings as YAML, each under a comment that says where it belongs. */
export function gitopsSettings(tool: GitopsTool, fields: readonly ControlledField[]): string {
  const rules = byTarget(fields);
  if (rules.length === 0) return '# Nothing: the controller writes no field of these objects.\n';
  return tool === 'argocd' ? argocd(rules) : flux(rules);
}

type Rule = readonly [target: Target, pointers: readonly string[]];

function argocd(rules: readonly Rule[]): string {
  const spec = {
    ignoreDifferences: rules.map(([target, jsonPointers]) => ({ ...target, jsonPointers })),
    // Without it a sync, once it has something to do, would write the fields all the same.
    syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
  };
  return `# Into the Application\n${stringify({ spec })}`;
}

function flux(rules: readonly Rule[]): string {
  const ignore = rules.map(([target, paths]) => ({ paths, target }));
  return [
    '# Into the Kustomization (Flux 2.9 and newer)',
    stringify({ spec: { ignore } }, { aliasDuplicateObjects: false }),
    '---',
    '# Or, where a chart holds the manifests, into the HelmRelease',
    stringify({ spec: { driftDetection: { mode: 'enabled', ignore } } }, { aliasDuplicateObjects: false }),
  ].join('\n');
}

function byTarget(fields: readonly ControlledField[]): Rule[] {
  const found = new Map<string, [Target, string[]]>();
  for (const { path, ...target } of fields) {
    const known = found.get(JSON.stringify(target)) ?? [target, []];
    known[1].push(jsonPointer(path));
    found.set(JSON.stringify(target), known);
  }
  return [...found.values()];
}

/** RFC 6901, e.g. `/spec/replicas`. */
function jsonPointer(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
