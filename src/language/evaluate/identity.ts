import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import { isMapping, kindOf, textOf } from '../../jinja/values/value.ts';
import type { Play, Playbook, Source, Task } from '../model.ts';
import { verdict } from './condition.ts';
import type { Scope } from './scope.ts';
import { unknownDelegate } from './unknown-delegate.ts';

/** What the command line says about becoming another user. */
export interface BecomeDefault {
  readonly enabled: boolean;
  readonly user: string;
}

function refused(source: Source | undefined, message: string, hint?: string): TemplateError {
  const error = new TemplateError(message, undefined, { code: 'wrong-type', hint });
  error.place = source?.at();
  return error;
}

function variable(scope: Scope, name: string): unknown {
  const value = scope.find(name);
  return value instanceof Undefined ? undefined : value;
}

/**
 * The user that a task becomes: the task's word, the play's, the inventory's, the command line's; undefined for none.
 * @param task undefined asks for a play as a whole
 */
export function becomeUser(
  task: Task | undefined,
  play: Play,
  scope: Scope,
  otherwise: BecomeDefault,
): string | undefined {
  const source = task?.become ?? play.become;
  const wanted = source ? scope.value(source) : (variable(scope, 'ansible_become') ?? otherwise.enabled);
  if (!verdict(wanted)) return undefined;
  const named = task?.becomeUser ?? play.becomeUser;
  const user = named ? scope.value(named) : (variable(scope, 'ansible_become_user') ?? otherwise.user);
  if (typeof user === 'string' && user !== '') return user;
  throw refused(named ?? task?.args, `become_user must be a user's name, not ${kindOf(user)}`);
}

/** Environment variables of the play and, over them, of the task. */
export function environmentOf(task: Task, play: Play, scope: Scope): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const source of [play.environment, task.environment]) {
    if (!source) continue;
    const value = scope.value(source);
    // A list of mappings is merged in order.
    for (const part of Array.isArray(value) ? value : [value]) {
      if (!isMapping(part)) throw refused(source, `environment must be a mapping, not ${kindOf(part)}`);
      for (const [name, text] of Object.entries(part)) {
        if (!/^[A-Za-z_]\w*$/.test(name))
          throw refused(source, `'${name}' cannot name an environment variable`);
        merged[name] = text === null ? '' : textOf(text);
      }
    }
  }
  return merged;
}

/**
 * The host that a task runs on in place of its own; undefined when its loop has no items.
 * @param scopes those of the items: they must all name the same host
 */
export function delegateOf(source: Source, scopes: readonly Scope[], playbook: Playbook): string | undefined {
  const [host, other] = new Set(scopes.map((scope) => namedHost(source, scope, playbook)));
  if (other === undefined) return host;
  const error = new TemplateError('delegate_to cannot name another host for each item', undefined, {
    code: 'not-supported',
    hint: 'write one task for each host, or put the loop on an include_tasks',
  });
  error.place = source.at();
  throw error;
}

function namedHost(source: Source, scope: Scope, playbook: Playbook): string {
  const value = scope.value(source);
  if (typeof value !== 'string') throw refused(source, `delegate_to must name a host, not ${kindOf(value)}`);
  const { hosts } = playbook.inventory;
  if (hosts.has(value) || value === 'localhost' || value === '127.0.0.1') return value;
  const { code, message, hint } = unknownDelegate(value, undefined, hosts);
  const error = new TemplateError(message, undefined, { code, hint });
  error.place = source.at();
  throw error;
}
