import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { debconf } from '../../../src/resources/debconf.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// A database of answers in a file: QUESTION VALUE.
function machine() {
  const root = fresh();
  const host = hostWith(join(root, 'bin'), {
    'debconf-show': `sed 's/ /: /; s/^/* /' ${root}/answers 2>/dev/null`,
    'debconf-communicate': `read -r get question
line=$(grep "^$question " ${root}/answers 2>/dev/null) && echo "0 \${line#* }" || echo "10 $question doesn't exist"`,
    'debconf-set-selections': `echo "$@" >>${root}/options
read -r package question kind value
[ ! -f ${root}/answers ] || sed -i "\\\\|^$question |d" ${root}/answers
printf '%s %s\\n' "$question" "$value" >>${root}/answers`,
  });
  return { root, host };
}

test.each([
  [{ vtype: 'string', value: 'a b' }, 'a b'],
  [{ vtype: 'boolean', value: true }, 'true'],
  [{ vtype: 'boolean', value: 'False' }, 'false'],
  [{ vtype: 'multiselect', value: ['one', 'two'] }, 'one, two'],
  [{ vtype: 'string', value: 7 }, '7'],
])('%j is answered once', async (more, value) => {
  const { root, host } = machine();
  const args = { name: 'tzdata', question: 'tzdata/Areas', ...more };
  const first = await host.apply(debconf, args);
  expect(first.changes).toEqual([{ attribute: 'tzdata/Areas', from: 'absent', to: value }]);
  expect(first.result).toMatchObject({
    current: { 'tzdata/Areas': value },
    previous: { 'tzdata/Areas': null },
  });
  expect(readFileSync(join(root, 'answers'), 'utf8')).toBe(`tzdata/Areas ${value}\n`);
  expect((await host.apply(debconf, args)).changes).toEqual([]);
});

test('a password is compared and not shown', async () => {
  const { root, host } = machine();
  const args = { name: 'x', question: 'x/secret', vtype: 'password', value: 'hunter2', unseen: true };
  const first = await host.apply(debconf, args);
  expect(first.changes).toEqual([{ attribute: 'x/secret', to: 'another password' }]);
  expect(JSON.stringify(first.result)).not.toContain('hunter2');
  expect(readFileSync(join(root, 'options'), 'utf8')).toBe('--unseen\n');
  expect((await host.apply(debconf, args)).changes).toEqual([]);
});

test('without a question the answers are only read', async () => {
  const { host } = machine();
  await host.apply(debconf, { name: 'x', question: 'x/a', vtype: 'string', value: 'one' });
  const { changes, result } = await host.apply(debconf, { name: 'x' });
  expect([changes, result.current]).toEqual([[], { 'x/a': 'one' }]);
});

test.each([
  [{ question: 'x/a' }, 'vtype and value'],
  [{ question: 'x/a', vtype: 'boolean', value: 'maybe' }, 'true or false'],
])('%j is refused', async (more, why) => {
  const { host } = machine();
  expect((await host.plan(debconf, { name: 'x', ...more })).refused).toEqual([expect.stringContaining(why)]);
});
