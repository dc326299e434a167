import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AccountQuestion, account } from '../../../src/probes/account.ts';
import type { AccountAnswer } from '../../../src/probes/account-answer.ts';
import { ask } from '../../helpers/probes/kind-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const hash = '$6$salt$it/s.a*hash';

const files = {
  passwd: [
    'ann:x:1000:1000:Ann $(touch pwned), "A":/:/bin/sh',
    'bob:x:1001:4::/nonexistent:/bin/bash',
    'eve@corp:x:1002:9999::/:/bin/sh',
    'odd:x',
  ],
  group: ['adm:x:4:ann,bob', 'ann:x:1000:', 'new:x:7:'],
  shadow: [`ann:${hash}:19000:::::`, `bob:!${hash}:19000:::::`],
};

// As a name service does: by name, by number, and one user under another name than was asked.
const getent = `#!/bin/sh
printf '%s\\n' "getent $*" >>"$FAKE/log"
database=$1
shift
for key; do
  [ "$key" != eve ] || key=eve@corp
  while IFS= read -r line; do
    rest=\${line#*:*:}
    if [ "\${line%%:*}" = "$key" ] || [ "\${rest%%:*}" = "$key" ]; then printf '%s\\n' "$line"; fi
  done <"$FAKE/$database"
done
`;
const id = (most: number) => `#!/bin/sh
printf '%s\\n' "id $*" >>"$FAKE/log"
shift 2
[ "$#" -le ${most} ] || { echo "id: extra operand" >&2; exit 1; }
for user; do case $user in ann) echo 'ann adm' ;; *) echo adm ;; esac; done
`;

function host(most = 100) {
  const directory = fresh();
  mkdirSync(join(directory, 'bin'));
  for (const [name, code] of Object.entries({ getent, id: id(most), useradd: '#!/bin/sh\n' })) {
    writeFileSync(join(directory, 'bin', name), code);
    chmodSync(join(directory, 'bin', name), 0o755);
  }
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(directory, name), `${lines.join('\n')}\n`);
  return {
    ask: (questions: readonly AccountQuestion[], shell = shells[0]) => {
      const environment = { PATH: `${directory}/bin:/usr/bin:/bin`, FAKE: directory };
      const answered = ask(questions.map(account), shell, environment);
      return { ...answered, answers: answered.answers as readonly AccountAnswer[] };
    },
    calls: () => {
      const log = join(directory, 'log');
      return existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
    },
  };
}

const user = (name: string, more: Partial<AccountQuestion> = {}): AccountQuestion => ({
  database: 'passwd',
  name,
  ...more,
});
const group = (name: string): AccountQuestion => ({ database: 'group', name });

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test('users and groups of all tasks are one section and one call for each database', () => {
    const machine = host();
    const { answers, sections } = machine.ask(
      [user('ann', { groups: 'all' }), user('bob', { groups: 'all' }), user('new'), group('adm'), group('x')],
      shell,
    );
    expect(sections).toBe(1);
    expect(machine.calls()).toEqual([
      'getent passwd ann bob new',
      'getent group adm x new 1000 4',
      'id -Gn -- ann bob',
    ]);
    expect(answers).toMatchObject([
      { entry: files.passwd[0]?.split(':'), primaryGroup: 'ann', groups: ['ann', 'adm'], homeExists: true },
      { primaryGroup: 'adm', groups: ['adm'], homeExists: false, tools: true },
      { entry: undefined, ownGroup: true, homeExists: false },
      { entry: ['adm', 'x', '4', 'ann,bob'] },
      { entry: undefined },
    ]);
  });

  test('a user of which little is asked costs one process', () => {
    const machine = host();
    const { answers } = machine.ask([user('ann')], shell);
    expect(answers).toMatchObject([{ ownGroup: false, groups: [], privileged: userInfo().uid === 0 }]);
    expect(machine.calls()).toEqual(['getent passwd ann']);
  });

  test('an id that takes one user only is asked for each', () => {
    const machine = host(1);
    const { answers } = machine.ask([user('ann', { groups: 'all' }), user('bob', { groups: 'all' })], shell);
    expect(answers.map(({ groups }) => groups)).toEqual([['ann', 'adm'], ['adm']]);
    expect(machine.calls().filter((call) => call.startsWith('id'))).toHaveLength(3);
  });

  test('a user that the name service calls otherwise is found all the same, and spoils no other', () => {
    const machine = host();
    const { answers } = machine.ask([user('none'), user('eve', { groups: 'primary' }), user('bob')], shell);
    expect(answers.map(({ entry }) => entry?.[2])).toEqual([undefined, '1002', '1001']);
    expect(answers[1]?.primaryGroup).toBe('9999');
  });

  test('passwords are compared there: no hash comes back', () => {
    const machine = host();
    const questions = [
      user('ann', { password: hash }),
      user('ann', { password: '$6$other' }),
      user('bob', { password: hash, secret: true }),
      user('none', { password: hash }),
    ];
    const { answers } = machine.ask(questions, shell);
    expect(answers.map(({ samePassword, locked }) => [samePassword, locked])).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [false, false],
    ]);
    expect(machine.calls().filter((call) => call.includes('shadow'))).toEqual(['getent shadow ann bob none']);
    expect(JSON.stringify(answers)).not.toContain('$6$');
  });

  test('names that no account can have are not asked, an entry that makes no sense is none', () => {
    const machine = host();
    const { answers } = machine.ask([user('-s x'), user('a b'), group('$(touch pwned)'), user('odd')], shell);
    expect(answers.map(({ entry }) => entry)).toEqual([undefined, undefined, undefined, undefined]);
    expect(machine.calls()[0]).toBe('getent passwd odd');
  });
});

test('a section that fails is an error of each of its questions', () => {
  const { kind, question } = account(user('ann'));
  const [answer] = kind.read({ code: 2, stdout: '', stderr: 'no sh' }, [question]);
  expect(String(answer)).toBe('ProbeError: checking the user ann failed with exit code 2: no sh');
});
