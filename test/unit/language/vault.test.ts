import { describe, expect, test } from 'vitest';
import { Vault, VaultError } from '../../../src/language/source/vault/vault.ts';
import { load } from '../../helpers/language/project.ts';
import { problemsOf } from '../../helpers/language/written-playbook.ts';

// Made with `ansible-vault encrypt_string`, password 'open sesame'.
const plain = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '61653265643235326262336639656364333062323630303837643231326463353037373632366437',
  '3162326631333536613764656432376231373166353864660a343232663731653761663836323666',
  '39303065373761653365393037623639613537303330373034343730623365316635636165356134',
  '3565393436653634610a393736383039326335373066666666373264623532656338363236663031',
  '3336',
].join('\n');
const named = [
  '$ANSIBLE_VAULT;1.2;AES256;other',
  '32323966316364616630366434316130333432316530636662623137383839663735303738663161',
  '6633366533633662646365303936396231656266623930340a613932643733666532636232656337',
  '31643530323261303033383637326664373331643339343665643134353836353938376633316539',
  '3337383236656334630a356639366633303637366538346462333437633731343938383838616365',
  '3337',
].join('\n');

const right = { label: 'default', password: 'open sesame' };
const wrong = { label: 'default', password: 'open barley' };

function opening(passwords: ConstructorParameters<typeof Vault>[0], text: string) {
  const secrets: string[] = [];
  const opened = new Vault(passwords, (secret) => secrets.push(secret)).open(text).toString();
  return { opened, secrets };
}

describe('what ansible-vault has encrypted', () => {
  test.each([
    ['is read with its password', [right], plain, 'hidden word'],
    ['is read with the one of several that fits', [wrong, right], plain, 'hidden word'],
    ['is read under its name', [wrong, { ...right, label: 'other' }], named, 'hidden too'],
    ['is read whatever its name', [right], named, 'hidden too'],
    ['is read behind line ends of Windows', [right], plain.replaceAll('\n', '\r\n'), 'hidden word'],
  ])('%s, and is a secret', (_, passwords, text, expected) => {
    expect(opening(passwords, text)).toEqual({ opened: expected, secrets: [expected] });
  });

  test.each([
    ['without a password', [], plain, 'there is no password'],
    ['with another one', [wrong], plain, 'none of the passwords opens'],
    ['with another one, by its name', [wrong], named, "under the name 'other'"],
    [
      'where it was changed',
      [right],
      plain.replace(/\d(?=\D*$)/, (one) => String(9 - Number(one))),
      'none of the passwords',
    ],
    [
      'where it is cut off',
      [right],
      plain.split('\n').slice(0, 2).join('\n'),
      'not what ansible-vault writes',
    ],
    ['of another cipher', [right], plain.replace('AES256', 'ROT13'), 'not what ansible-vault writes'],
    ['of a version to come', [right], plain.replace('1.1', '3.0'), 'not what ansible-vault writes'],
  ])('is not read %s', (_, passwords, text, message) => {
    expect(() => opening(passwords, text)).toThrow(VaultError);
    expect(() => opening(passwords, text)).toThrow(message);
  });
});

describe('in a playbook', () => {
  const inventory = { all: { hosts: { h1: {} } } };
  const play = {
    hosts: 'all',
    gather_facts: false,
    vars_files: ['secret.yml'],
    tasks: [{ debug: { msg: '{{ word }}' } }],
  };
  const inline = `word: !vault |\n${plain.replaceAll(/^/gm, '  ')}\n`;
  const files = (secret: string) => ({
    'site.yml': JSON.stringify({ inventory, plays: [play] }),
    'secret.yml': secret,
  });

  test('a value is a secret like any other', async () => {
    const hidden: string[] = [];
    const options = { vaultPasswords: [right], hide: (secret: string) => hidden.push(secret) };
    const playbook = await load(files(inline), options, 'site.yml');
    expect(playbook.plays[0]?.vars[0]?.variables.get('word')?.value).toBe('hidden word');
    expect(hidden).toContain('hidden word');
  });

  test('one that cannot be opened is an error with its place', async () => {
    const [problem, ...others] = await problemsOf(files(inline));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: 'encrypted',
      at: { line: 2 },
      hint: expect.stringContaining('--ask-vault-pass'),
    });
  });

  test('a whole file that cannot be opened is one error', async () => {
    const problems = await problemsOf(files(plain));
    expect(problems.map(({ code }) => code)).toEqual(['encrypted']);
  });
});
