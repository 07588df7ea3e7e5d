import { escapeQuery } from '../queryEscape.js';
import { printPlain } from './print.js';
import type { Value } from './value.js';

const entities: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\uFFFD',
};

/** Go's `html`: safe in the text of a page. */
export function escapeHtml(args: readonly Value[]): string {
  return textOf(args).replace(/["'&<>\0]/g, (character) => entities[character] ?? character);
}

/** Go's `js`: safe within a string of JavaScript. */
export function escapeScript(args: readonly Value[]): string {
  return textOf(args).replace(/[\\'"]|[<>&=]|[\p{Cc}\p{Cn}\p{Co}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    if (/[\\'"]/.test(character)) return `\\${character}`;
    const point = character.codePointAt(0) ?? 0;
    return `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Go's `urlquery`: safe as a value in a URL's query. */
export function escapeUrl(args: readonly Value[]): string {
  return escapeQuery(textOf(args));
}

function textOf(args: readonly Value[]): string {
  const shown = args.map((value) => (value === null || value === undefined ? '<no value>' : value));
  return printPlain(shown);
}
