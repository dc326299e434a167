import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { provisionOnTerminal } from '../../../../helpers/tls-logs/ca-terminal.ts';

const passphrase = 'four random words here';
const enter = (text: string) => `${text}\r`;

describe('the passphrase of a CA', () => {
  it('is asked for twice, shown never, and opens the key', async () => {
    const cwd = folder({});
    const made = await provisionOnTerminal(['ca', 'init', '--passphrase'], cwd, [
      enter(passphrase),
      enter(passphrase),
    ]);
    expect(made.code, made.shown).toBe(0);
    expect(made.shown).toContain('ca-key.pem.age, encrypted with the passphrase');
    expect(readdirSync(join(cwd, '.provision/ca')).toSorted()).toEqual([
      '.gitignore',
      'ca-key.pem.age',
      'ca.pem',
    ]);
    const issued = await provisionOnTerminal(['ca', 'issue', 'h2'], cwd, [enter('wrong'), enter(passphrase)]);
    expect(issued.code, issued.shown).toBe(0);
    expect(issued.shown.match(/passphrase of the private CA in/g)).toHaveLength(2);
    for (const { shown } of [made, issued]) expect(shown).not.toContain('four');
  }, 60_000);

  it.each([
    [
      'they differ',
      [passphrase, 'something else', passphrase, 'more of it', 'short', 'four random'],
      'at least 8 characters',
    ],
    ['nothing is typed', [''], 'no passphrase was given'],
  ])('makes nothing when %s', async (_what, answers, message) => {
    const cwd = folder({});
    const { code, shown } = await provisionOnTerminal(
      ['ca', 'init', '--passphrase'],
      cwd,
      answers.map(enter),
    );
    expect(code, shown).toBe(1);
    expect(shown).toContain(message);
    expect(existsSync(join(cwd, '.provision'))).toBe(false);
  });

  it('makes nothing after Ctrl-C', async () => {
    const cwd = folder({});
    const { code } = await provisionOnTerminal(['ca', 'init', '--passphrase'], cwd, ['\u0003']);
    expect(code).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('Ctrl-C at the question of an apply interrupts the run', async () => {
    const cwd = folder({ good: passphrase });
    chmodSync(join(cwd, 'good'), 0o600);
    expect((await provision(['ca', 'init', '--passphrase-file', 'good'], { cwd })).code).toBe(0);
    writeFileSync(
      join(cwd, 'site.yml'),
      `inventory: {all: {hosts: {a: {ansible_connection: local}, b: {ansible_connection: local}}}}
plays:
  - name: p
    hosts: all
    gather_facts: false
    tasks:
      - private_ca_certificate: {dest: "${cwd}/{{ inventory_hostname }}", ca: .provision/ca, names: [h2]}
`,
    );
    const env = { PROVISION_STATE: join(cwd, 'state'), PROVISION_RUN: join(cwd, 'run') };
    const { code, shown } = await provisionOnTerminal(['apply', 'site.yml'], cwd, ['\u0003'], env);
    expect(code, shown).toBe(130);
    expect(shown.match(/passphrase of the private CA in/g)).toHaveLength(1);
    expect(shown).toContain('interrupted');
    expect(readdirSync(join(cwd, '.provision/ca/locks'))).toEqual([]);
  }, 60_000);

  it('comes from a file, or from systemd, and else the message says how', async () => {
    const cwd = folder({
      good: `${passphrase}\n`,
      bad: 'another passphrase\n',
      open: passphrase,
      short: 'abc',
      empty: '\n',
    });
    for (const name of ['good', 'bad', 'short', 'empty']) chmodSync(join(cwd, name), 0o600);
    const issue = (out: string, words: readonly string[], env = {}) =>
      provision(['ca', 'issue', 'h2', '--out', out, ...words], { cwd, env });
    const fails = async (finished: ReturnType<typeof provision>, message: string) => {
      const { code, stderr } = await finished;
      expect(code).toBe(1);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
      expect(stderr).not.toMatch(/words here|another/);
    };
    for (const name of ['open', 'short', 'empty'])
      await fails(provision(['ca', 'init', '--passphrase-file', name], { cwd }), `${name}`);
    expect((await provision(['ca', 'init', '--passphrase-file', 'good'], { cwd })).code).toBe(0);
    expect((await issue('a', ['--passphrase-file', 'good'])).code).toBe(0);
    mkdirSync(join(cwd, 'credentials'));
    writeFileSync(join(cwd, 'credentials/provision-ca-passphrase'), passphrase);
    expect((await issue('b', [], { CREDENTIALS_DIRECTORY: join(cwd, 'credentials') })).code).toBe(0);
    await fails(issue('c', ['--passphrase-file', 'bad']), 'the passphrase from bad does not open its key');
    await fails(
      issue('c', ['--passphrase-file', 'open']),
      'passphrase file open: others may read it hint: chmod 600 open',
    );
    await fails(issue('c', []), 'there is no terminal to ask for the passphrase');
    await fails(
      issue('c', []),
      "--passphrase-file FILE, or give systemd's credential provision-ca-passphrase",
    );
    expect(existsSync(join(cwd, 'c'))).toBe(false);
    expect((await provision(['ca', 'show', '--json'], { cwd })).stdout).toContain('"key": "encrypted"');
  }, 120_000);
});
