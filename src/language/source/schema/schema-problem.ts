import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import type { ProblemCode } from '../../../errors/problem.ts';
import { hasTemplate, isTemplate } from '../../../jinja/values/template-marks.ts';
import { isMapping } from '../../../jinja/values/value.ts';
import { schemaErrors } from './schema-check.ts';
import type { JsonSchema } from './schema-coercion.ts';
import { patternOf } from './schema-fit.ts';
import { placeName, shown, wanted } from './schema-words.ts';

/** One way in which a value breaks its schema, in the words of the person who wrote it. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** The key at the path is wrong rather than its value. */
  readonly onKey: boolean;
  readonly code: ProblemCode;
  readonly message: string;
  readonly why?: string;
  readonly hint?: string;
}

function pathOf(error: ErrorObject): (string | number)[] {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

type Finding = Omit<SchemaProblem, 'path' | 'onKey'> & {
  readonly path?: SchemaProblem['path'];
  readonly onKey?: boolean;
};

function wrongType(error: ErrorObject, name: string, path: readonly (string | number)[]): Finding {
  const value: unknown = error.data;
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const key = String(path.findLast((part) => typeof part === 'string') ?? '');
  if (value === null || value === undefined) {
    return {
      code: 'missing-value',
      message: `${name} has no value`,
      why: `it must be ${wanted(schema)}`,
      hint: `give ${name} a value, or leave the key out`,
    };
  }
  if (schema.type === 'string' && /mode$/.test(key) && typeof value === 'number')
    return unquotedMode(name, value);
  if (schema.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return {
      code: 'wrong-type',
      message: `${name} must be text, not ${value}`,
      why: `without quotes YAML reads ${value} as ${typeof value === 'number' ? 'a number' : 'true or false'}, and its spelling is lost`,
      hint: 'put it in quotes',
    };
  }
  return { code: 'wrong-type', message: `${name} must be ${wanted(schema)}, not ${shown(value)}` };
}

/** The problem of `mode: 0644`, which YAML reads as the decimal number 644. */
function unquotedMode(name: string, value: number): Finding {
  const digits = String(value);
  const fits = /^[0-7]{3,4}$/.test(digits);
  const written = fits ? (digits.length === 3 ? `0${digits}` : digits) : `0${value.toString(8)}`;
  return {
    code: 'unquoted-mode',
    message: `${name} must be quoted: YAML reads it as the number ${value}`,
    why: 'a mode is octal: read as a decimal number it gives files unexpected permissions',
    hint: `write mode: '${written}'`,
  };
}

function findingOf(error: ErrorObject, subject: string): Finding | undefined {
  const path = pathOf(error);
  const name = placeName(path, subject);
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const params: Record<string, unknown> = error.params;
  const limit = String(params.limit);
  switch (error.keyword) {
    case 'type':
      return wrongType(error, name, path);
    case 'enum':
    case 'const': {
      const allowed = error.keyword === 'enum' ? (schema.enum ?? []) : [schema.const];
      const hint =
        didYouMean(String(error.data), allowed.map(String)) ?? `choose one of: ${allowed.join(', ')}`;
      return { code: 'wrong-value', message: `${name} cannot be ${shown(error.data)}`, hint };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      const hint = didYouMean(key, Object.keys(schema.properties ?? {}));
      const message = `unknown key '${key}'${path.length > 0 ? ` in ${name}` : ` in ${subject}`}`;
      return { code: 'unknown-key', message, path: [...path, key], onKey: true, ...(hint && { hint }) };
    }
    case 'required':
      return {
        code: 'missing-key',
        message: `${path.length > 0 ? name : subject} needs '${params.missingProperty}'`,
      };
    case 'dependentRequired':
      return {
        code: 'missing-key',
        message: `'${params.property}' needs '${params.missingProperty}' beside it`,
      };
    case 'minimum':
    case 'exclusiveMinimum':
      return {
        code: 'wrong-value',
        message: `${name} must be ${error.keyword === 'minimum' ? 'at least' : 'more than'} ${limit}, not ${shown(error.data)}`,
      };
    case 'maximum':
    case 'exclusiveMaximum':
      return {
        code: 'wrong-value',
        message: `${name} must be ${error.keyword === 'maximum' ? 'at most' : 'less than'} ${limit}, not ${shown(error.data)}`,
      };
    case 'minLength':
    case 'minItems':
      return {
        code: 'wrong-value',
        message: limit === '1' ? `${name} must not be empty` : `${name} is too short: at least ${limit}`,
      };
    case 'pattern':
    case 'format': {
      const { description } = (error.parentSchema ?? {}) as { readonly description?: string };
      return {
        code: 'wrong-value',
        message: `${name} cannot be ${shown(error.data)}`,
        why: description ? description : `it must look like ${params.pattern ?? params.format}`,
        ...nearBy(String(error.data), params.pattern),
      };
    }
    case 'not':
      return { code: 'wrong-value', message: notAllowed(error, name, subject) };
    case 'anyOf':
    case 'oneOf':
      return severalWays(error, name, subject, path);
    case 'if':
      return undefined;
    default:
      return { code: 'wrong-value', message: `${name} ${error.message ?? 'is not as it must be'}` };
  }
}

// What was most likely meant by a text that does not fit: `my-out`, or `nginx,` of arguments in one line.
function nearBy(text: string, pattern: unknown): { readonly hint?: string } {
  const fits = (other: string) => typeof pattern === 'string' && patternOf(pattern).test(other);
  if (text.endsWith(',') && fits(text.slice(0, -1)))
    return { hint: 'leave out the comma: spaces stand between arguments in one line' };
  const joined = text.replaceAll(/[- .]/g, '_');
  return joined !== text && fits(joined) ? { hint: `write ${joined}` } : {};
}

function notAllowed(error: ErrorObject, name: string, subject: string): string {
  const denied = (error.schema as JsonSchema).required;
  if (denied && denied.length > 1)
    return `${subject} takes only one of ${denied.map((key) => `'${key}'`).join(', ')}`;
  if (denied) return `${subject} does not take '${denied[0]}' here`;
  return `${name} cannot be ${shown(error.data)}`;
}

function severalWays(
  error: ErrorObject,
  name: string,
  subject: string,
  path: readonly (string | number)[],
): Finding {
  const branches = error.schema as readonly JsonSchema[];
  const keys = branches.map((branch) => branch.required?.join(' and '));
  if (isMapping(error.data) && keys.every((key) => key !== undefined)) {
    const choice = keys.map((key) => `'${key}'`).join(' or ');
    const both = error.keyword === 'oneOf' && error.params.passingSchemas !== null;
    const holder = path.length > 0 ? name : subject;
    return both
      ? {
          code: 'conflicting-keys',
          message: `${holder} takes only one of ${choice}`,
          hint: 'leave one of them out',
        }
      : { code: 'missing-key', message: `${holder} needs ${choice}` };
  }
  const constants = branches
    .filter((branch) => branch.const !== undefined)
    .map((branch) => String(branch.const));
  const hint = constants.length > 0 ? didYouMean(String(error.data), constants) : undefined;
  const wantedWords = wanted({ anyOf: branches });
  const asMode = typeof error.data === 'number' && /mode$/.test(String(path.at(-1)));
  if (asMode && typeof error.data === 'number') return unquotedMode(name, error.data);
  return {
    code: 'wrong-type',
    message: `${name} must be ${wantedWords}, not ${shown(error.data)}`,
    ...(hint && { hint }),
  };
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
}

const uncertain = new Set(['anyOf', 'oneOf', 'not', 'if', 'enum', 'const', 'uniqueItems', 'contains']);
const choices = new Set(['anyOf', 'oneOf']);

/**
 * Which of a list of errors to report. A choice is one error, unless just one of its branches is of the value's kind:
 * then that branch's errors say more (`serial: 0` is a number, only too small).
 */
function decisive(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const inside = (choice: ErrorObject, error: ErrorObject) =>
    error.schemaPath.startsWith(`${choice.schemaPath}/`);
  const outer = errors.filter(
    (error) =>
      !errors.some((choice) => choice !== error && choices.has(choice.keyword) && inside(choice, error)),
  );
  return outer.flatMap((error) => {
    if (!choices.has(error.keyword)) return [error];
    const branches = (error.schema as readonly unknown[]).map((_, index) => {
      const path = `${error.schemaPath}/${index}/`;
      const found = errors.filter(({ schemaPath }) => schemaPath.startsWith(path));
      return found.some(({ schemaPath }) =>
        ['type', 'const', 'required'].some((word) => schemaPath === path + word),
      )
        ? []
        : found;
    });
    const [fitting, second] = branches.filter((found) => found.length > 0);
    return fitting && !second ? decisive(fitting) : [error];
  });
}

/**
 * Everything a schema finds wrong with a value.
 * @param subject how messages call the whole, e.g. `copy`
 * @param templated templates may stand for anything: what depends on them is not judged
 */
export function schemaProblems(
  schema: object,
  value: unknown,
  subject: string,
  templated: boolean,
): readonly SchemaProblem[] {
  const missing = new Map<SchemaProblem, string>();
  const seen = new Set<string>();
  for (const error of decisive(schemaErrors(schema, value, templated))) {
    const path = pathOf(error);
    const part = valueAt(value, path);
    if (templated && (isTemplate(part) || (uncertain.has(error.keyword) && hasTemplate(part)))) continue;
    const problem = findingOf(error, subject);
    if (!problem || seen.has(`${error.instancePath} ${problem.message}`)) continue;
    seen.add(`${error.instancePath} ${problem.message}`);
    missing.set({ path, onKey: false, ...problem }, String(error.params.missingProperty));
  }
  // A key that is only misspelt is not missing as well.
  const problems = [...missing.keys()];
  const hints = problems.filter(({ code }) => code === 'unknown-key').map(({ hint }) => hint);
  return problems.filter((problem) => !hints.includes(`did you mean '${missing.get(problem)}'?`));
}
