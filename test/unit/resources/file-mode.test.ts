import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modePattern } from '../../../src/resources/argument-schemas.ts';
import { modeText, resolvedMode } from '../../../src/resources/files/file-mode.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();

test.each([
  ['0644', 0o755, 0o644],
  ['644', 0o755, 0o644],
  ['0o600', 0o755, 0o600],
  ['4755', 0, 0o4755],
  ['u+x', 0o644, 0o744],
  ['a-w', 0o666, 0o444],
  ['go=', 0o777, 0o700],
  ['u=rw,g=r,o=', 0o777, 0o640],
  ['g=u', 0o640, 0o660],
  ['+X', 0o644, 0o644],
  ['a+X', 0o744, 0o755],
])('%s on %o', (wanted, current, expected) => {
  expect(modeText(resolvedMode(wanted, current, false))).toBe(modeText(expected));
});

test.each(['u+x', 'u=rw,g=r,o=', 'a=rX', '+x', 'u-x+w', 'g=u', '0644', '0o644', '1777'])(
  '%s is a mode',
  (mode) => {
    expect(mode).toMatch(new RegExp(modePattern));
  },
);

test.each(['', '9', '0689', 'rw-r--r--', 'u', 'u+q', 'z+x', '64'])('%j is no mode', (mode) => {
  expect(mode).not.toMatch(new RegExp(modePattern));
});

test('agrees with chmod on files and directories, whatever is asked', () => {
  const directory = fresh();
  const clause = fc
    .tuple(
      fc.constantFrom('', 'u', 'g', 'o', 'a', 'ug', 'go', 'uo'),
      fc.array(
        fc.tuple(
          fc.constantFrom('+', '-', '='),
          fc.oneof(fc.constantFrom('u', 'g', 'o'), fc.stringMatching(/^[rwxXst]{0,3}$/)),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    )
    .map(([who, actions]) => who + actions.map((action) => action.join('')).join(''));
  const cases = fc.sample(
    fc.record({
      mode: fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => clauses.join(',')),
      current: fc.integer({ min: 0, max: 0o7777 }),
      isDirectory: fc.boolean(),
    }),
    { numRuns: 400, seed: 20261121 },
  );
  const script = cases.map(({ mode, current, isDirectory }, index) => {
    const path = `${directory}/${index}`;
    const start = current.toString(8).padStart(5, '0');
    return `${isDirectory ? 'mkdir' : ':>'} ${path}; chmod ${start} ${path}; chmod -- '${mode}' ${path} 2>&1; stat -c %a ${path}; chmod 700 ${path}`;
  });
  const { stdout } = spawnSync('sh', ['-s'], {
    input: `umask 022\n${script.join('\n')}\n`,
    encoding: 'utf8',
  });
  const shown = stdout.split('\n').filter((line) => /^\d+$/.test(line));
  expect(shown).toHaveLength(cases.length);
  for (const [index, { mode, current, isDirectory }] of cases.entries()) {
    const ours = resolvedMode(mode, current, isDirectory).toString(8);
    expect(`${mode} on ${current.toString(8)}: ${ours}`).toBe(
      `${mode} on ${current.toString(8)}: ${shown[index]}`,
    );
  }
});
