import { evaluateExpression, soleExpression } from '../../jinja/template/template.ts';
import { withoutTemplates } from '../../jinja/values/condition-templates.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { firstMark, isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { Playbook, Source } from '../model.ts';
import type { Scope } from './scope.ts';
import { NotKnowable, Waits } from './scope-signal.ts';
import { partOf, placed } from './source-value.ts';

const yes = new Set(['true', 'yes', 'on', '1', 'y', 't']);
const no = new Set(['', 'false', 'no', 'off', '0', 'n', 'f', 'none']);

/**
 * Whether a value counts as true in a condition. The words for yes and no count as such, since values from the command
 * line are texts; other texts, lists and mappings are true unless they are empty.
 */
export function verdict(value: unknown): boolean {
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    return yes.has(word) || !no.has(word);
  }
  if (Array.isArray(value)) return value.length > 0;
  return isMapping(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/**
 * The expression of a condition; braces around the whole of it are blanked out, so that offsets stay, and templates inside quotes
 * become parts of the text, other ones operands.
 * Throws TemplateError for any other template in it.
 * @param operand what comes in place of such an expression
 */
export function conditionExpression(text: string, operand?: (expression: string) => string): string {
  if (!isTemplate(text)) return text;
  const match = /^(\s*\{\{[-+]?)([\s\S]*?)[-+]?\}\}\s*$/.exec(text);
  const [, open = '', inner] = match ?? [];
  if (inner !== undefined && soleExpression(text.trim())) return ' '.repeat(open.length) + inner;
  const plain = withoutTemplates(text, operand);
  if (plain !== undefined) return plain;
  const at = firstMark(text);
  throw new TemplateError(
    'a condition is an expression already and takes no template marks',
    { at, end: at + 2 },
    {
      code: 'template-in-condition',
      hint: 'write names without braces: it.rc == 0, not {{ it }}.rc == 0',
    },
  );
}

const literal = /^(-?\d+(\.\d+)?|[Tt]rue|[Ff]alse|[Nn]one|'[^'\\]*'|"[^"\\]*")$/;

// Rendered first, a text would be code. What a host sent must never be; of what can be meant these are left.
function literalOf(operand: string, scope: Scope): string {
  const value = evaluateExpression(operand, scope);
  if (typeof value !== 'string') return `(${operand})`;
  const text = value.trim();
  if (literal.test(text)) return text;
  throw new TemplateError(
    'a template outside of quotes gives a text, which is no number, true or false',
    { at: 0, end: 0 },
    { code: 'template-in-condition', hint: `leave out the braces: write ${operand.trim()}` },
  );
}

/** A condition as messages show it. */
export function conditionText({ value }: Source): string {
  return typeof value === 'string' ? value.trim() : String(value);
}

/** Evaluates one condition, or one of a list of conditions. Throws TemplateError with its place. */
export function holds(
  source: Source,
  path: readonly (string | number)[],
  scope: Scope,
  playbook: Playbook,
): boolean {
  const value = partOf(source.value, path);
  if (typeof value !== 'string') return verdict(value);
  return placed(source, path, value, playbook.sources, () => {
    const expression = conditionExpression(value, (operand) => literalOf(operand, scope));
    return verdict(evaluateExpression(expression, scope));
  });
}

/**
 * The first condition that is false, as text; undefined when all hold.
 * One that is false decides even if an earlier one cannot be known yet; else that one's signal is thrown.
 */
export function firstFalse(
  conditions: readonly Source[],
  scope: Scope,
  playbook: Playbook,
): string | undefined {
  let stop: Waits | NotKnowable | undefined;
  for (const condition of conditions) {
    try {
      if (!holds(condition, [], scope, playbook)) return conditionText(condition);
    } catch (error) {
      if (error instanceof Waits || error instanceof NotKnowable) stop ??= error;
      // Behind a condition that is not known yet an error may be one that it guards against.
      else if (!stop) throw error;
    }
  }
  if (stop) throw stop;
  return undefined;
}
