import { oneSlipFrom } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { VariableLayer } from '../model.ts';

// A name counts as read when it stands anywhere but in front of its own value.
function isRead(name: string, sources: ReadonlyMap<string, string>): boolean {
  const reading = new RegExp(`(?<![\\w.-])${name}(?![\\w-]|\\s*[:=](?!=))`);
  return [...sources.values()].some((text) => reading.test(text));
}

/**
 * Variables that nothing reads and that are one slip away from one that a role declares:
 * `log_prot` would leave `log_port` at its default in silence.
 * @param sources texts of all files of the playbook, templates too
 */
export function misspeltVariables(
  declared: ReadonlySet<string>,
  layers: readonly VariableLayer[],
  sources: ReadonlyMap<string, string>,
): readonly Problem[] {
  return layers.flatMap(({ variables, origin }) =>
    [...variables].flatMap(([name, source]) => {
      if (declared.has(name) || !/^\w+$/.test(name)) return [];
      const meant = oneSlipFrom(name, declared);
      if (meant === undefined || isRead(name, sources)) return [];
      return {
        code: 'unknown-variable',
        message: `nothing reads the variable '${name}'`,
        at: source.at(),
        why: `${origin} would set it in vain`,
        hint: `did you mean '${meant}'?`,
      };
    }),
  );
}
