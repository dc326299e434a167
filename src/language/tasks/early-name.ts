import { isTemplate } from '../../jinja/values/template-marks.ts';
import type { VariableLayer } from '../model.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { Inherited } from './inherited.ts';
import type { PlayScope } from './play-scope.ts';

const simple = /\{\{\s*([A-Za-z_]\w*)\s*(?:\|\s*default\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*)?\}\}/g;

// Values may name each other; one that names itself stays a template.
const depth = 5;

/** What is said where a name that is needed while the playbook is read stays a template. */
export const earlyNames =
  'only variables of the play, of its roles and of the command line are known when it is read';

/**
 * A name with the variables in it that are known before there are hosts, as Ansible puts roles and imports in place.
 * What no variable of play, role, task or command line gives stays as it is written.
 * @param vars those that the task itself gives
 */
export function earlyName(scope: PlayScope, name: string, { role, vars }: Inherited, own?: YamlNode): string {
  if (!isTemplate(name)) return name;
  const layers: readonly (VariableLayer | undefined)[] = [
    ...(role ? [role.defaults] : []),
    ...scope.playVars,
    ...(role ? [role.vars] : []),
    ...vars,
  ];
  const given = (key: string): unknown => {
    const extra = scope.extraVars.variables.get(key)?.value ?? own?.get(key)?.value;
    if (extra !== undefined) return extra;
    return layers.findLast((layer) => layer?.variables.has(key))?.variables.get(key)?.value;
  };
  let text = name;
  for (let round = 0; round < depth && isTemplate(text); round += 1)
    text = text.replaceAll(simple, (whole, key: string, single?: string, double?: string) => {
      const value = given(key) ?? single ?? double;
      return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
    });
  return text;
}
