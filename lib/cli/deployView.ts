import type { FieldChange } from '../deploy/difference.js';
import { titleOf } from '../deploy/manifest.js';
import type { Plan } from '../deploy/plan.js';
import type { Progress } from '../deploy/progress.js';
import type { Step } from '../deploy/trial.js';
import type { Paint } from './paint.js';

const signs = { create: '+', change: '~', keep: ' ' } as const;

/** What a plan changes, one object a line and one field a line below it; the sum at the end. */
export function planText({ steps, orphans }: Plan, paint: Paint): string {
  const changed = steps.filter(({ action }) => action !== 'keep');
  const count = (action: Step['action']) => steps.filter((step) => step.action === action).length;
  const lines = [
    ...changed.flatMap((step) => [
      stepLine(step, paint),
      ...step.fields.map((field) => fieldLine(field, paint)),
    ]),
    ...orphans.map(({ object }) => paint.red(`- delete  ${titleOf(object)}`)),
    `${count('create')} to create, ${count('change')} to change, ${orphans.length} to delete, ${count('keep')} unchanged`,
  ];
  return `${lines.join('\n')}\n`;
}

/** One line of what happens, without its end. */
export function progressLine(progress: Progress, paint: Paint): string {
  switch (progress.what) {
    case 'applied':
      return paint.faint(`applied  ${titleOf(progress.step.item.object)}`);
    case 'deleted':
      return paint.red(`deleted  ${titleOf(progress.item.object)}`);
    case 'waiting':
      return paint.yellow(`waiting  ${progress.subject}: ${progress.state}`);
    case 'ready':
      return paint.green(`ready    ${progress.subject}: ${progress.state}`);
  }
}

function stepLine({ item, action }: Step, paint: Paint): string {
  const text = `${signs[action]} ${action}  ${titleOf(item.object)}`;
  const from = item.path ? paint.faint(`  (${item.path})`) : '';
  return (action === 'create' ? paint.green(text) : paint.yellow(text)) + from;
}

function fieldLine({ path, before, after }: FieldChange, paint: Paint): string {
  if (before === undefined) return `    ${path}: ${paint.green(shorten(after))}`;
  if (after === undefined) return `    ${path}: ${paint.red(`${shorten(before)} goes`)}`;
  return `    ${path}: ${paint.red(shorten(before))} → ${paint.green(shorten(after))}`;
}

function shorten(value = ''): string {
  return value.length > 160 ? `${value.slice(0, 160)}… (${value.length} characters)` : value;
}
