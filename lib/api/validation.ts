import type { z } from 'zod';
import { type AlertProvider, AlertProviders, alertProviderSchema } from './alertProvider.js';
import { Canaries, type Canary, canarySchema } from './canary.js';
import { schemaOf } from './crds.js';
import { PerchError } from './errors.js';
import type { Kind, KubeObject } from './kinds.js';
import { type MetricTemplate, MetricTemplates, metricTemplateSchema } from './metricTemplate.js';
import { isRecord, withoutNulls } from './schema/json.js';
import { canaryFindings } from './validation/canaryRules.js';
import { byImportance, type Finding, type Problem } from './validation/problem.js';
import { alertProviderFindings, metricTemplateFindings } from './validation/providerRules.js';
import { schemaProblems, unknownFieldProblems } from './validation/schemaProblems.js';
import { nearestName } from './validation/spelling.js';

export interface ParseOptions {
  /** Fields that the CRDs do not list. The API server drops them, so a live object has none. @default 'error' */
  readonly unknownFields?: 'error' | 'ignore';
  /**
   * What Flagger takes though it cannot do what its author wants, such as a stepWeight above maxWeight.
   * @default 'error'
   */
  readonly mistakes?: 'error' | 'ignore';
}

/** For objects read from a cluster: whatever Flagger takes, perch takes. */
export const liveObject: ParseOptions = { unknownFields: 'ignore', mistakes: 'ignore' };

interface Grammar {
  readonly kind: Kind;
  readonly schema: z.ZodType;
  readonly rules: (object: never) => Finding[];
}

const grammars: readonly Grammar[] = [
  { kind: Canaries, schema: canarySchema, rules: canaryFindings },
  { kind: MetricTemplates, schema: metricTemplateSchema, rules: metricTemplateFindings },
  { kind: AlertProviders, schema: alertProviderSchema, rules: alertProviderFindings },
];

/** The manifest of a canary, checked. Throws a PerchError that lists all that is wrong; `path` says whose it is. */
export function parseCanary(input: unknown, path?: string, options?: ParseOptions): Canary {
  return parse<Canary>(Canaries, input, path, options);
}

/** As parseCanary, for metric templates. */
export function parseMetricTemplate(input: unknown, path?: string, options?: ParseOptions): MetricTemplate {
  return parse<MetricTemplate>(MetricTemplates, input, path, options);
}

/** As parseCanary, for alert providers. */
export function parseAlertProvider(input: unknown, path?: string, options?: ParseOptions): AlertProvider {
  return parse<AlertProvider>(AlertProviders, input, path, options);
}

/** As parseCanary, for whichever of the three kinds the manifest says it is. */
export function validateManifest(
  input: unknown,
  path?: string,
  options?: ParseOptions,
): Canary | MetricTemplate | AlertProvider {
  const grammar = grammarOf(input);
  if (!grammar) throw failure([unknownKind(input)], input, path);
  return parse(grammar.kind, input, path, options) as Canary | MetricTemplate | AlertProvider;
}

/** Everything to be said about a manifest, warnings included, the most important first. */
export function inspectManifest(input: unknown): Problem[] {
  const grammar = grammarOf(input);
  return grammar ? inspect(grammar, input) : [unknownKind(input)];
}

function grammarOf(input: unknown): Grammar | undefined {
  return grammars.find(({ kind }) => isRecord(input) && input.kind === kind.kind);
}

function parse<T extends KubeObject>(
  kind: Kind<T>,
  input: unknown,
  path?: string,
  options: ParseOptions = {},
): T {
  const grammar = grammars.find((candidate) => candidate.kind.kind === kind.kind)!;
  const { unknownFields = 'error', mistakes = 'error' } = options;
  const problems = inspect(grammar, input).filter(({ level, code }) => {
    if (code === 'API_UNKNOWN_FIELD') return unknownFields === 'error';
    return level === 'error' || (level === 'mistake' && mistakes === 'error');
  });
  if (problems.length > 0) throw failure(problems, input, path);
  return input as T;
}

function inspect({ kind, schema, rules }: Grammar, input: unknown): Problem[] {
  const structure = schemaOf(kind);
  const manifest = withoutNulls(input);
  const parsed = schema.safeParse(manifest);
  const unknown = isRecord(manifest) ? unknownFieldProblems(structure, manifest) : [];
  if (!parsed.success)
    return byImportance([...unknown, ...schemaProblems(parsed.error.issues, structure, manifest)]);
  const found = rules(parsed.data as never);
  return byImportance([
    ...unknown,
    ...found.map((finding): Problem => ({ ...finding, code: 'API_CONTRADICTION' })),
  ]);
}

function unknownKind(input: unknown): Problem {
  const given = isRecord(input) ? input.kind : input;
  const kinds = grammars.map(({ kind }) => kind.kind);
  const meant = typeof given === 'string' ? nearestName(given, kinds) : undefined;
  return {
    level: 'error',
    code: 'API_UNKNOWN_KIND',
    path: 'kind',
    message: `expected one of ${kinds.join(', ')}, got ${JSON.stringify(given) ?? 'nothing'}`,
    remedy: meant ? `Did you mean ${meant}?` : 'Give a manifest of one of these kinds.',
  };
}

function failure(problems: readonly Problem[], input: unknown, path = manifestName(input)): PerchError {
  const lines = problems.map((problem) => `${problem.path ? `${problem.path}: ` : ''}${problem.message}`);
  const remedies = [...new Set(problems.map((problem) => problem.remedy))];
  return new PerchError({
    code: problems[0]!.code,
    message: lines.length === 1 ? lines[0]! : `${lines.length} problems\n  ${lines.join('\n  ')}`,
    remedy: remedies.join('\n  '),
    path,
  });
}

function manifestName(input: unknown): string | undefined {
  if (!isRecord(input) || !isRecord(input.metadata)) return undefined;
  const { namespace, name } = input.metadata;
  return `${String(input.kind)} ${namespace ? `${String(namespace)}/` : ''}${String(name)}`;
}
