import * as pulumi from '@pulumi/pulumi';
import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type ControlledField, controlledFields } from '../api/controlledFields.js';
import type { KubeObject } from '../api/kinds.js';
import { ignoredPaths, pulumiAnnotations } from './manners.js';
import { telling } from './refusal.js';
import { resourceClass } from './resourceClass.js';
import { tokens, withoutTokens } from './tokens.js';

export type Dependencies = readonly pulumi.Input<pulumi.Resource>[];

/** What the component's program says that it depends on: Pulumi itself keeps it from the component's resources. */
export function dependenciesOf({ dependsOn = [] }: pulumi.ResourceOptions = {}): Dependencies {
  // Pulumi resolves lists within lists.
  return [dependsOn as pulumi.Input<pulumi.Resource>];
}

/** One platform and its applications: the constructs that Pulumi's components stand for. */
export class Stack {
  private readonly app = new App();
  private readonly printed = new Map<ApiObject, pulumi.CustomResource>();

  /** Makes constructs, and each object of theirs a resource below the component, after all of `dependsOn`. */
  add<T extends Construct>(
    component: pulumi.ComponentResource,
    name: string,
    make: (chart: Chart) => T,
    dependsOn: Dependencies = [],
  ): { readonly construct: T; readonly resources: readonly pulumi.CustomResource[] } {
    return telling(() => {
      const construct = make(new Chart(this.app, name));
      const problems = this.app.node.findAll().flatMap((child) => child.node.validate());
      if (problems.length > 0) throw new pulumi.RunError(`${name}: ${problems.join('\n')}`);
      return { construct, resources: this.print(component, name, dependsOn) };
    });
  }

  /** Every object that has no resource yet, what others depend on first. */
  private print(
    component: pulumi.ComponentResource,
    name: string,
    dependsOn: Dependencies,
  ): pulumi.CustomResource[] {
    const objects = this.app.node.findAll().filter((child) => ApiObject.isApiObject(child)) as ApiObject[];
    const controlled = controlledFields(objects.map((object) => object.toJson() as KubeObject));
    const fresh = objects.filter((object) => !this.printed.has(object));
    const canaries = fresh.filter(({ kind }) => kind === 'Canary');
    const others = fresh.filter((object) => !canaries.includes(object));
    const made: pulumi.CustomResource[] = [];
    const printOne = (object: ApiObject, after: Dependencies): void => {
      if (this.printed.has(object)) return;
      const needed = neededBy(object);
      for (const dependency of needed) printOne(dependency, after);
      const options = {
        parent: component,
        dependsOn: [...after, ...needed.map((dependency) => this.printed.get(dependency)!)],
      };
      const resource = this.resource(object, name, options, controlled);
      this.printed.set(object, resource);
      made.push(resource);
    };
    // Nobody needs to be there before a namespace, and what comes before this may be rights within it.
    for (const object of others) printOne(object, object.kind === 'Namespace' ? [] : dependsOn);
    // The controller finds all that a canary refers to.
    for (const object of canaries) printOne(object, [...dependsOn, ...made]);
    return made;
  }

  private resource(
    object: ApiObject,
    name: string,
    options: pulumi.CustomResourceOptions,
    controlled: readonly ControlledField[],
  ): pulumi.CustomResource {
    const json = object.toJson() as KubeObject;
    const { metadata } = json;
    const annotations = { ...metadata.annotations, ...pulumiAnnotations(json, controlled) };
    const manifest = {
      ...json,
      metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    };
    const args = tokens.decode(manifest) as Record<string, unknown>;
    const ignoreChanges = ignoredPaths(json, controlled);
    const Class = resourceClass(json.apiVersion ?? '', json.kind ?? '');
    // The path begins with the chart's name, which is the component's.
    const path = object.node.path.split('/').slice(1).join('-');
    return new Class(`${name}-${withoutTokens(path)}`, args, { ...options, ignoreChanges });
  }
}

/** The objects that an object, or a construct that it is part of, says it depends on. */
function neededBy(object: ApiObject): ApiObject[] {
  const found = new Set<ApiObject>();
  for (const scope of object.node.scopes) {
    for (const dependency of scope.node.dependencies) {
      for (const child of objectsOf(dependency)) if (child !== object) found.add(child);
    }
  }
  return [...found];
}

function objectsOf(construct: IConstruct): ApiObject[] {
  return construct.node.findAll().filter((child) => ApiObject.isApiObject(child)) as ApiObject[];
}
