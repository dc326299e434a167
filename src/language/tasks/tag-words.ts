import { evaluateText } from '../../jinja/template/template.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { Role } from '../model.ts';
import { collectionName, shortRoleName } from '../role-name.ts';

function nameOf(role: Role | undefined, name: string): unknown {
  if (!role) return undefined;
  if (name === 'role_name') return shortRoleName(role);
  if (name === 'ansible_role_name') return role.name;
  if (name === 'ansible_collection_name') return collectionName(role);
  return name === 'ansible_parent_role_names' && role.parents.length > 0
    ? role.parents.map((parent) => parent.name)
    : undefined;
}

// One that comes to nothing, as of a role that no other includes, is no tag.
function known(tag: string, role: Role | undefined): readonly string[] {
  if (!isTemplate(tag)) return [tag];
  const environment = { find: (name: string) => nameOf(role, name), names: () => [] };
  try {
    const value = evaluateText(tag, environment);
    return Array.isArray(value) ? value.map(String) : isMapping(value) ? [] : [String(value)];
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}

/** The tags that a keyword gives, the names of roles in them put in place. */
export function tagWords(value: unknown, role: Role | undefined): readonly string[] {
  const written = typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];
  return written.flatMap((tag) => known(tag, role));
}
