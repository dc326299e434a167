import { Type } from 'typebox';
import { type CheckFinding, findingText } from './check-finding.ts';
import type { ControlResource } from './resource.ts';

const check = Type.Object(
  {
    refuse: Type.Optional(
      Type.String({ minLength: 1, description: 'condition under which the settings are refused' }),
    ),
    warn: Type.Optional(
      Type.String({ minLength: 1, description: 'condition under which there is a warning' }),
    ),
    file: Type.Optional(
      Type.String({
        description:
          'file of the control node that must be there; empty for none, relative like `src` of copy',
      }),
    ),
    when: Type.Optional(
      Type.String({ minLength: 1, description: 'condition without which this is not checked' }),
    ),
    message: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'what does not work, or not as safely as it may seem, and why',
      }),
    ),
    fix: Type.Optional(Type.String({ minLength: 1, description: 'what to write instead' })),
  },
  { additionalProperties: false },
);

const schema = Type.Object(
  {
    checks: Type.Array(check, {
      description:
        'the list of meta/checks.yml of the role; it is put in place by itself, and not written in a task',
    }),
  },
  { additionalProperties: false },
);

/** Judges what a role says of its settings; what needs nothing of a host was judged before the first connection. */
export const roleChecks: ControlResource<{ readonly checks: readonly CheckFinding[] }> = {
  kind: 'control',
  name: 'role_checks',
  summary: "Judge the role's settings by its meta/checks.yml; every role that has one begins with it",
  schema,
  checks: 'checks',
  evaluate({ checks }) {
    const texts = (kind: CheckFinding['kind']) => checks.filter((one) => one.kind === kind).map(findingText);
    const [refused, warnings] = [texts('refuse'), texts('warn')];
    if (refused.length > 0) return { status: 'failed', message: refused.join('\n'), warnings };
    return { status: 'ok', warnings, result: {} };
  },
};
