import { isMapping } from './value.ts';

/** The pattern of an expression in braces, for patterns in which one may be part of a word. */
export const braces = String.raw`\{\{.*?\}\}`;

const opening = /\{[{%#]/;
const marked = new RegExp(String.raw`${braces}|\{%.*?%\}|\{#.*?#\}`, 's');
const marks = /\{\{\s*|\s*\}\}|\{%.*?%\}|\{#.*?#\}/gs;

/** Whether a value is a text with template marks in it: what it comes to is known only once it is rendered. */
export function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && opening.test(value);
}

/** Whether a template stands anywhere inside a value. */
export function hasTemplate(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasTemplate);
  return isMapping(value) ? Object.values(value).some(hasTemplate) : isTemplate(value);
}

/** Where the first template mark of a text begins; -1 when there is none. */
export function firstMark(text: string): number {
  return text.search(opening);
}

/** What surely stands in a text, whatever its templates come to: `a` and `c` of `a{{ b }}c`. */
export function fixedParts(text: string): readonly string[] {
  return text.split(marked);
}

/** Whether a text is one expression in braces and nothing beside it. */
export function isInBraces(value: unknown): boolean {
  return typeof value === 'string' && /^\s*\{\{(?:(?!\{\{|\}\}|\{%)[\s\S])*\}\}\s*$/.test(value);
}

/** A text without braces, statements and comments: what a condition in braces should have been. */
export function withoutMarks(text: string): string {
  return text.replaceAll(marks, '');
}

/** A text with the value of each `{{ name }}` that is known put in its place. */
export function withNames(text: string, known: ReadonlyMap<string, string | undefined>): string {
  return text.replaceAll(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g, (whole, name: string) => known.get(name) ?? whole);
}
