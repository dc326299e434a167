import { TemplateError } from '../../jinja/values/template-error.ts';
import { isMapping, textOf } from '../../jinja/values/value.ts';
import type { CheckFinding, RoleCheck } from '../../resources/check-finding.ts';
import type { Playbook, Source } from '../model.ts';
import { holds } from './condition.ts';
import type { Scope } from './scope.ts';
import type { TaskFiles } from './task-files.ts';

/** What judging a check needs to know. */
export interface CheckContext {
  readonly playbook: Playbook;
  readonly scope: Scope;
  readonly files: TaskFiles;
}

const known = new WeakMap<Source, readonly Source[]>();

/** The checks of a `role_checks` task, each with the places of its parts. */
export function checksIn(args: Source, key: string): readonly Source[] {
  const found = known.get(args) ?? readChecks(args, key);
  known.set(args, found);
  return found;
}

function readChecks(args: Source, key: string): readonly Source[] {
  const list = isMapping(args.value) ? args.value[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((value, index) => ({ value, at: (...path) => args.at(key, index, ...path) }));
}

/** What a check finds; undefined when all is well, or it does not concern the host. Throws TemplateError with its place, and signals. */
export function judgedCheck(check: Source, context: CheckContext): CheckFinding | undefined {
  const { scope, playbook } = context;
  const written = check.value as RoleCheck;
  if (written.when !== undefined && !holds(check, ['when'], scope, playbook)) return undefined;
  if (written.file !== undefined) return missingFile(check, written, context);
  const kind = written.refuse === undefined ? 'warn' : 'refuse';
  if (!holds(check, [kind], scope, playbook)) return undefined;
  return { kind, message: words(check, 'message', scope) ?? '', fix: words(check, 'fix', scope) };
}

function words(check: Source, part: 'message' | 'fix' | 'file', scope: Scope): string | undefined {
  const written = check.value as RoleCheck;
  return written[part] === undefined ? undefined : textOf(scope.value(check, [part])).trim();
}

function missingFile(
  check: Source,
  { message }: RoleCheck,
  { scope, files }: CheckContext,
): CheckFinding | undefined {
  const name = words(check, 'file', scope);
  if (name === undefined || name === '') return undefined;
  try {
    files.path(name, 'files');
    return undefined;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const said = message === undefined ? error.message : words(check, 'message', scope);
    const why = error.why === undefined ? '' : ` (${error.why})`;
    return { kind: 'refuse', message: `${said}${why}`, fix: words(check, 'fix', scope) };
  }
}
