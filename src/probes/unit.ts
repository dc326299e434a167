import type { Ask, ProbeKind } from './probe.ts';
import { probeFailure } from './probe-error.ts';
import { type UnitAnswer, UnitsAnswer } from './unit-answer.ts';
import { unitProgram } from './unit-program.ts';

/** What is asked of systemd. */
export interface UnitQuestion {
  /** A unit with its suffix; undefined asks only what concerns no unit. */
  readonly name?: string;
  /** Ask `systemctl is-enabled` too: what `show` says of that, systemd may have read long ago. */
  readonly enablement?: boolean;
  /** Ask whether any unit on disk is newer than what systemd has read. */
  readonly reload?: boolean;
}

const unitKind: ProbeKind<UnitQuestion, UnitAnswer> = {
  name: 'unit',
  most: 500,
  program: (questions) =>
    unitProgram({
      names: askable(questions),
      enablements: askable(questions.filter(({ enablement }) => enablement)),
      reload: questions.some(({ reload }) => reload),
    }),
  read(output, questions) {
    const units = new UnitsAnswer(output.stdout, askable(questions));
    return questions.map(
      ({ name, reload = false }) =>
        probeFailure(output, name === undefined ? 'systemd' : `the unit ${name}`) ?? units.of(name, reload),
    );
  },
};

/** Asks systemd about a unit, or only whether it must read its files again. */
export function unit({ name, enablement, reload }: UnitQuestion): Ask<UnitAnswer> {
  // What is not asked is left out: a question with it as false is the same.
  const question = { name, enablement: enablement || undefined, reload: reload || undefined };
  return { kind: unitKind, question };
}

// One name that systemd takes for none (that of a template, say) would keep it from answering for those behind it.
function askable(questions: readonly UnitQuestion[]): readonly string[] {
  const names = questions.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const valid = /^(?=.{1,255}$)[A-Za-z0-9:_.\\-][A-Za-z0-9:_.\\@-]*\.[a-z]+$/;
  return [...new Set(names)].filter((name) => valid.test(name) && !/@\.[a-z]+$/.test(name));
}
