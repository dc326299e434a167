import { type Static, Type } from 'typebox';
import type { ControlResource } from './resource.ts';

const schema = Type.Object(
  {
    key: Type.String({ minLength: 1, description: 'the group, which is made if it is not there' }),
    parents: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        default: ['all'],
        description: 'groups of which it is part',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

// As with Ansible, blanks are none in names of groups.
function groupName(text: string): string {
  return text.replaceAll(' ', '-');
}

/** Puts the host into a group for the rest of the run. */
export const groupBy: ControlResource<Arguments> = {
  kind: 'control',
  name: 'group_by',
  summary: 'Put hosts into groups for the rest of the run, by what is known of them',
  schema,
  evaluate({ key, parents = ['all'] }) {
    const group = groupName(key);
    const above = parents.map(groupName);
    const result = { add_group: group, parent_groups: above };
    return { status: 'changed', result, joins: { groups: [group], parents: above, variables: {} } };
  },
};
