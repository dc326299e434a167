import { evaluate } from '../expression/expression-evaluation.ts';
import { parseExpression } from '../expression/expression-parser.ts';
import type { Expression } from '../expression/expression-tree.ts';
import { Frame } from '../expression/frame.ts';
import { Callable } from '../values/callable.ts';
import { TemplateError, within } from '../values/template-error.ts';
import { isTemplate } from '../values/template-marks.ts';
import { defined } from '../values/undefined.ts';
import { isMapping } from '../values/value.ts';
import type { TemplateEnvironment } from './template-environment.ts';
import { parseTemplate } from './template-parser.ts';
import { render } from './template-renderer.ts';
import { headed, type TemplateSettings, usualSettings } from './template-settings.ts';
import type { Body } from './template-tree.ts';

const templates = new Map<string, Body>();
const values = new Map<string, Body>();
const expressions = new Map<string, Expression>();

function cached<T>(cache: Map<string, T>, text: string, parse: (text: string) => T): T {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  cache.set(text, parsed);
  return parsed;
}

/** The parsed template of a text, kept for the next time. Throws TemplateError. */
function templateOf(text: string): Body {
  return cached(templates, text, (source) => parseTemplate(source));
}

/**
 * The parsed template of a value of a playbook. In its strings a backslash stands for itself, as with Ansible, for YAML has
 * had its own way with it already. Throws TemplateError.
 */
export function templateOfValue(text: string): Body {
  return cached(values, text, (source) =>
    source.includes('\\') ? parseTemplate(source, usualSettings, 0, true) : templateOf(source),
  );
}

/** The parsed template of a file, whose first line may say how it is to be read. Throws TemplateError. */
export function templateOfFile(text: string, given: Partial<TemplateSettings> = {}): Body {
  const { settings, start } = headed(text, given);
  if (settings === usualSettings && start === 0) return templateOf(text);
  return cached(templates, JSON.stringify([settings, text]), () => parseTemplate(text, settings, start));
}

/** The parsed expression of a text, kept for the next time. Throws TemplateError. */
export function expressionOf(text: string): Expression {
  return cached(expressions, text, parseExpression);
}

/** The expression when a text is exactly one `{{ expression }}`. Throws TemplateError. */
export function soleExpression(text: string): Expression | undefined {
  const body = templateOfValue(text);
  const first = body[0];
  return first?.type === 'output' && body.length === 1 ? first.expression : undefined;
}

// A result goes on to resources: nothing lazy, undefined or callable may be left in it.
function settled(value: unknown): unknown {
  const known = defined(value);
  if (Array.isArray(known)) return known.map(settled);
  if (isMapping(known))
    return Object.fromEntries(Object.entries(known).map(([key, item]) => [key, settled(item)]));
  if (known instanceof Callable) {
    throw new TemplateError(`'${known.name}' is a function, not a value`, undefined, {
      hint: `write ${known.name}()`,
    });
  }
  return known;
}

function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateError('the template calls itself without end', undefined, { why: error.message });
  }
}

/** Renders a whole template into text. */
export function renderText(text: string, environment: TemplateEnvironment): string {
  if (!isTemplate(text)) return text;
  return guarded(() => render(templateOf(text), new Frame(environment)));
}

/** Renders a template file, whose first line may say how. Throws TemplateError. */
export function renderFile(
  text: string,
  environment: TemplateEnvironment,
  given: Partial<TemplateSettings> = {},
): string {
  const { settings } = headed(text, given);
  const rendered = guarded(() => render(templateOfFile(text, given), new Frame(environment)));
  const whole = settings.keep_trailing_newline ? rendered : rendered.replace(/\n$/, '');
  const { newline_sequence: newline } = settings;
  return newline === '\n' ? whole : whole.replaceAll('\n', newline);
}

/** The value of an expression without braces. */
export function evaluateExpression(text: string, environment: TemplateEnvironment): unknown {
  return guarded(() => {
    const expression = expressionOf(text);
    return within(expression, () => settled(evaluate(expression, new Frame(environment))));
  });
}

// A value ends with as many line ends as it is written with; an expression at its end that brings one adds none.
function endedAs(text: string, rendered: string): string {
  const written = /\n*$/.exec(text)?.[0].length ?? 0;
  if (written === 0) return rendered;
  const have = /\n*$/.exec(rendered)?.[0].length ?? 0;
  return have > written ? rendered.slice(0, -1) : rendered + '\n'.repeat(written - have);
}

/** The value of a text: exactly one `{{ expression }}` keeps its type, anything else becomes text. */
export function evaluateText(text: string, environment: TemplateEnvironment): unknown {
  if (!isTemplate(text)) return text;
  return guarded(() => {
    const expression = soleExpression(text);
    if (!expression) return endedAs(text, render(templateOfValue(text), new Frame(environment)));
    return within(expression, () => settled(evaluate(expression, new Frame(environment))));
  });
}
