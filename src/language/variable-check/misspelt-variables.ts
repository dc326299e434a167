import { oneSlipFrom } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Playbook, VariableLayer } from '../model.ts';
import { always } from './known-names.ts';
import { type RegisteredVariables, visits, withLoop } from './registered-variables.ts';

/** A variable that is set without effect, and the one that was most likely meant. */
export interface Misspelling {
  readonly meant: string;
  readonly problem: Problem;
}

/** What a misspelt name may have meant. */
export interface MeantNames {
  /** Variables that roles declare. */
  readonly declared: ReadonlySet<string>;
  /** Variables that have a value and are read somewhere, of whatever kind. */
  readonly read: ReadonlySet<string>;
}

/** Whether a name stands anywhere in the files of a playbook but in front of its own value. */
export function isRead(name: string, sources: ReadonlyMap<string, string>): boolean {
  const reading = new RegExp(`(?<![\\w.-])${name}(?![\\w-]|\\s*[:=](?!=))`);
  return [...sources.values()].some((text) => reading.test(text));
}

// `disk1` beside `disk2` and, for all playbooks of an inventory, `users` beside `user` are names of their own.
function isSlip(name: string, meant: string): boolean {
  const word = (text: string) => text.replaceAll(/\d/g, '').replace(/s$/, '');
  return meant.length >= 4 && word(name) !== word(meant);
}

/** Where variables are set, by who sets them: what the same hand sets beside another is not that one misspelt. */
export function layerGroups(playbook: Playbook): readonly (readonly VariableLayer[])[] {
  const { plays, inventory, extraVars } = playbook;
  const hosts = plays.flatMap((play) => play.hosts);
  const listed = [...new Set(hosts)].flatMap((name) => inventory.hosts.get(name)?.layers ?? []);
  const written = plays.flatMap((play) => play.vars);
  const ofTasks = [...visits(playbook)].flatMap(({ task }) => task.vars);
  return [[extraVars], [...new Set(listed)], [...new Set([...written, ...ofTasks])]];
}

/** Names that somebody may have meant: read somewhere, with a value that the files give them. */
export function readNames(
  playbook: Playbook,
  registered: RegisteredVariables,
  missing: ReadonlySet<string>,
): ReadonlySet<string> {
  const locals = new Set(
    [...visits(playbook)].flatMap(({ locals: around, task }) => [...withLoop(task, around)]),
  );
  const given = (name: string) => always.has(name) || locals.has(name) || registered.has(name);
  return new Set(
    [...playbook.mentioned].filter(
      (name) => !name.startsWith('ansible_') && !given(name) && !missing.has(name),
    ),
  );
}

/**
 * Variables that nothing reads and that are one slip away from one that a role declares or a play reads: `log_prot`
 * would leave `log_port` at its default in silence.
 */
export function misspeltVariables(playbook: Playbook, names: MeantNames): readonly Misspelling[] {
  const verdicts = new Map<string, string | undefined>();
  return layerGroups(playbook).flatMap((layers) => {
    const beside = new Set(layers.flatMap(({ variables }) => [...variables.keys()]));
    const other = new Set([...names.read].filter((name) => !beside.has(name)));
    const meantBy = (name: string): string | undefined => {
      if (!/^\w+$/.test(name) || names.declared.has(name) || names.read.has(name)) return undefined;
      const near = oneSlipFrom(name, names.declared) ?? oneSlipFrom(name, other);
      if (near === undefined || (!names.declared.has(near) && !isSlip(name, near))) return undefined;
      return isRead(name, playbook.sources) ? undefined : near;
    };
    verdicts.clear();
    return layers.flatMap(({ variables, origin }) =>
      [...variables].flatMap(([name, source]): readonly Misspelling[] => {
        if (!verdicts.has(name)) verdicts.set(name, meantBy(name));
        const meant = verdicts.get(name);
        if (meant === undefined) return [];
        const problem: Problem = {
          code: 'unknown-variable',
          message: `nothing reads the variable '${name}'`,
          at: source.at(),
          why: `it is set in ${origin}, where it has no effect`,
          hint: `did you mean '${meant}'?`,
        };
        return [{ meant, problem }];
      }),
    );
  });
}
