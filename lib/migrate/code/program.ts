import { Canaries, type Canary } from '../../api/canary.js';
import type { KubeObject } from '../../api/kinds.js';
import { Call, type Expression, Name, namesUsed } from './expression.js';
import { Manifests, tidyManifests, titleOf } from './manifests.js';
import { untaken, VariableNames } from './names.js';
import { patchExpression } from './patch.js';
import { printExpression } from './print.js';
import { type Draft, draftRelease } from './release.js';
import { noRouting } from './routing.js';
import { type Patches, tryConstruct } from './trial.js';
import { importLines } from './vocabulary.js';

export interface CodeOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  /** Flagger's `-mesh-provider`: of canaries that name none. */
  readonly meshProvider: string;
  /** Flagger's `-metrics-server`. */
  readonly metricsServer: string;
  /** Further flags of the controller. @default - none */
  readonly flags?: readonly string[];
}

/** A construct that gives exactly the objects it stands for. */
interface Release extends Draft {
  readonly patches: Patches;
}

/**
 * A cdk8s program that stands for the given manifests: a CanaryApp or a CanaryRelease for each canary, with JSON
 * patches for what their props do not say, and the other objects as they are. Secrets and CRDs are left out.
 */
export function writeProgram(objects: readonly KubeObject[], options: CodeOptions): string {
  const manifests = new Manifests(tidyManifests(objects, options.namespace));
  const canaries = manifests.objects.filter(({ kind }) => kind === Canaries.kind) as Canary[];
  const drafts = canaries.map((canary) => draftRelease(canary, manifests, options.meshProvider));
  const platform = platformOf(drafts, canaries, options);
  const reasons = new Map<KubeObject, string>();
  const releases = drafts.flatMap((draft, index): Release[] => {
    const release = typeof draft === 'string' ? draft : complete(draft, platform);
    if (typeof release !== 'string') return [release];
    reasons.set(canaries[index]!, release);
    return [];
  });
  const covered = new Set(releases.flatMap(({ parts }) => Object.values(parts)));
  const others = manifests.objects.filter((object) => !covered.has(object));
  return new Writer().write(platform, others, reasons, releases);
}

function complete(draft: Draft, platform: Call): Release | string {
  const [, , { routing }] = platform.args as [Name, string, { routing: Call }];
  const same = printExpression(routing) === printExpression(draft.routing);
  const { routing: own, ...props } = draft.props;
  const said = same ? props : { routing: own, ...props };
  const patches = tryConstruct(draft.construct, draft.id, said, draft.parts, platform);
  return typeof patches === 'string' ? patches : { ...draft, props: said, patches };
}

/** The platform's routing is that of canaries which name no provider: its provider becomes `-mesh-provider`. */
function platformOf(
  drafts: readonly (Draft | string)[],
  canaries: readonly Canary[],
  { metricsServer, flags = [] }: CodeOptions,
): Call {
  const unnamed = (index: number) => (canaries[index]!.spec.provider === undefined ? 0 : 1);
  const ordered = drafts
    .map((draft, index) => ({ draft, rank: unnamed(index) }))
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ draft }) => (typeof draft === 'string' ? [] : [draft.routing]));
  const distinct = new Map(ordered.map((routing) => [printExpression(routing), routing]));
  const [routing = noRouting, ...furtherRoutings] = distinct.values();
  const metrics = new Call('Metrics.existingPrometheus', [{ address: metricsServer, honorLabels: true }]);
  const props = {
    routing,
    furtherRoutings: furtherRoutings.length > 0 ? furtherRoutings : undefined,
    metrics,
    // as Flagger: what the canaries' pods name is not for this program to know
    controller: { secrets: 'all', ...controllerProps(flags) },
    loadTester: false,
  };
  return new Call('new CanaryPlatform', [new Name('chart'), 'platform', props]);
}

/** Where a prop says what a flag says, the prop: the controller's rights follow from it. */
function controllerProps(flags: readonly string[]): Record<string, Expression> {
  const prefix = '-namespace=';
  const watched = flags.find((flag) => flag.startsWith(prefix));
  const others = flags.filter((flag) => flag !== watched);
  return {
    ...(watched !== undefined && { watchNamespace: watched.slice(prefix.length) }),
    ...(others.length > 0 && { flags: others }),
  };
}

interface WrittenChart {
  readonly name: Name;
  /** Of the objects in it. */
  readonly ids: Set<string>;
}

/** Puts the lines of a program together. */
class Writer {
  private readonly lines: string[] = [];
  private readonly used = new Set(['App', 'Chart']);
  private readonly names = new VariableNames();
  private readonly charts = new Map<string, WrittenChart>();

  write(
    platform: Call,
    others: readonly KubeObject[],
    reasons: ReadonlyMap<KubeObject, string>,
    releases: readonly Release[],
  ): string {
    const [, id, props] = platform.args;
    const chart = new Call('new Chart', [new Name('app'), 'perch-platform']);
    this.comment(
      "The controller in Flagger's place. The hooks name their load tester by URL: it stays as it is.",
    );
    this.declare('platform', new Call(platform.callee, [chart, id, props]));
    for (const object of others) this.writeObject(object, reasons.get(object));
    for (const release of releases) this.writeRelease(release);
    const head = [...importLines(this.used), '', 'const app = new App();', ''];
    return [...head, ...this.lines, '', 'app.synth();', ''].join('\n');
  }

  private writeObject(object: KubeObject, reason: string | undefined): void {
    const chart = this.chartOf(object.metadata.namespace);
    const id = untaken(`${object.kind}-${object.metadata.name}`.toLowerCase(), chart.ids);
    this.lines.push('');
    if (reason) this.comment(`${titleOf(object)} as it is, since ${reason}`);
    this.state(new Call('new ApiObject', [chart.name, id, object as unknown as Expression]));
  }

  private writeRelease({ construct, id, props, patches }: Release): void {
    const { name } = this.chartOf(props.namespace as string);
    const made = new Call(`new ${construct}`, [name, id, props]);
    const patched = Object.entries(patches).filter(([, lines]) => lines.length > 0);
    this.lines.push('');
    if (patched.length === 0) {
      this.state(made);
      return;
    }
    const variable = this.names.take(`${id}-release`);
    this.declare(variable, made);
    this.comment('What the manifests say beside the props.');
    for (const [part, lines] of patched) {
      for (const line of lines) this.use(patchExpression(line));
      const printed = lines.map((line) => `  ${printExpression(patchExpression(line), 2)},\n`);
      const object = part === 'ingress' ? `${variable}.ingress?` : `${variable}.${part}`;
      this.lines.push(`${object}.addJsonPatch(\n${printed.join('')});`);
    }
  }

  private chartOf(namespace: string | undefined): WrittenChart {
    const id = namespace ?? 'cluster-wide';
    const known = this.charts.get(id);
    if (known) return known;
    const variable = this.names.take(namespace === undefined ? id : `in-${id}`);
    const chart = { name: new Name(variable), ids: new Set<string>() };
    this.charts.set(id, chart);
    this.lines.push('');
    this.declare(variable, new Call('new Chart', [new Name('app'), id]));
    return chart;
  }

  private declare(variable: string, value: Call): void {
    this.use(value);
    const start = `const ${variable} = `;
    this.lines.push(`${start}${printExpression(value, 0, start.length)};`);
  }

  private state(value: Call): void {
    this.use(value);
    this.lines.push(`${printExpression(value)};`);
  }

  private comment(text: string): void {
    this.lines.push(`// ${text}`);
  }

  private use(expression: Expression): void {
    for (const name of namesUsed(expression)) this.used.add(name);
  }
}
