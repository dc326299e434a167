import { didYouMean } from '../../errors/did-you-mean.ts';
import { bindArguments, type CallArguments } from '../values/callable.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined } from '../values/undefined.ts';
import { addressFilters, addressTests } from './filters-address.ts';
import { ansibleFilters } from './filters-ansible.ts';
import { controlNodeFilters, controlNodeTests } from './filters-control-node.ts';
import { dataFilters } from './filters-data.ts';
import type { Filter, FilterEngine, FilterTable, MoreFilters, PlainFilter } from './filters-definition.ts';
import { filter } from './filters-definition.ts';
import { listFilters } from './filters-list.ts';
import { mappingFilters } from './filters-mapping.ts';
import { passwordFilters } from './filters-password.ts';
import { randomFilters } from './filters-random.ts';
import { regexFilters } from './filters-regex.ts';
import { selectionFilters } from './filters-selection.ts';
import { textFilters } from './filters-text.ts';
import { timeFilters } from './filters-time.ts';
import { versionHolds } from './filters-version.ts';
import { tests } from './value-tests.ts';

const filters: FilterTable = {
  ...addressFilters,
  ...ansibleFilters,
  ...controlNodeFilters,
  ...dataFilters,
  ...listFilters,
  ...mappingFilters,
  ...passwordFilters,
  ...randomFilters,
  ...regexFilters,
  ...selectionFilters,
  ...textFilters,
  ...timeFilters,
  d: dataFilters.default as Filter,
  version: filter(['version', 'operator?', 'strict?', 'version_type?'], (value, [other, operator, , type]) =>
    versionHolds(value, other, operator, type),
  ),
};

const allTests: FilterTable<boolean> = { ...tests, ...controlNodeTests, ...addressTests };

const noAddresses = 'compute the address where the variable is defined';

/** Names that Ansible knows and this tool does not, and what to do instead. */
const refusedFilters: Readonly<Record<string, string>> = {
  vault: 'keep secrets in a file of their own and pass it with -e @file',
  unvault: 'keep secrets in a file of their own and pass it with -e @file',
  ipsubnet: noAddresses,
  json_query: 'use selectattr and map',
  urlize: 'write the link yourself',
};
const refusedTests: Readonly<Record<string, string>> = {
  vault_encrypted: 'values encrypted with ansible-vault are not supported',
};

function named<Result>(
  table: FilterTable<Result>,
  refused: Readonly<Record<string, string>>,
  kind: 'filter' | 'test',
  name: string,
): Filter<Result> {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found) return found;
  const advice = Object.hasOwn(refused, name) ? refused[name] : undefined;
  if (advice !== undefined) {
    throw new TemplateError(`the ${kind} '${name}' is not supported`, undefined, {
      code: 'not-supported',
      hint: advice,
    });
  }
  const hint = didYouMean(name, Object.keys(table));
  throw new TemplateError(`there is no ${kind} '${name}'`, undefined, { code: `unknown-${kind}`, hint });
}

/** The filter of this name. Throws TemplateError with what could have been meant. */
export function filterNamed(name: string): Filter {
  return named(filters, refusedFilters, 'filter', name);
}

/** The test of this name. Throws TemplateError with what could have been meant. */
export function testNamed(name: string): Filter<boolean> {
  return named(allTests, refusedTests, 'test', name);
}

function apply<Result>(
  found: Filter<Result>,
  what: string,
  input: unknown,
  args: CallArguments,
  more: MoreFilters,
): Result {
  if (!found.takesUndefined) {
    defined(input);
    for (const value of [...args.positional, ...args.named.values()]) defined(value);
  }
  const engine: FilterEngine = {
    filter: (name, value, own) => applyFilter(name, value, own, more),
    test: (name, value, own) => applyTest(name, value, own, more),
  };
  return found.call(input, bindArguments(what, found.parameters, args), engine);
}

// An ordinary error of a function from outside is about its arguments; others stop the evaluation, and pass through.
function fromOutside(call: PlainFilter): Filter {
  return filter(['*arguments'], (value, [args]) => {
    try {
      return call(value, args as readonly unknown[]);
    } catch (error) {
      if (Object.getPrototypeOf(error) !== Error.prototype) throw error;
      throw new TemplateError((error as Error).message);
    }
  });
}

/**
 * Runs a filter. Throws TemplateError without a span.
 * @param more filters beside those of Jinja2 and Ansible
 */
export function applyFilter(name: string, input: unknown, args: CallArguments, more: MoreFilters): unknown {
  const outside = more?.get(name);
  const found = outside ? fromOutside(outside) : filterNamed(name);
  const result = apply(found, `the filter '${name}'`, input, args, more);
  return result === undefined ? null : result;
}

/** Runs a test. Throws TemplateError without a span. */
export function applyTest(name: string, input: unknown, args: CallArguments, more: MoreFilters): boolean {
  return apply(testNamed(name), `the test '${name}'`, input, args, more);
}
