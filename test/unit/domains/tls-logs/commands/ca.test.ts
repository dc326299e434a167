import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRequest } from '../../../../../src/domains/tls-logs/private-ca/key-request.ts';
import { openPrivateCa } from '../../../../../src/domains/tls-logs/private-ca/private-ca.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { openssl } from '../../../../helpers/tls-logs/openssl-authority.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

/** A folder in which `provision ca` is used as a person would. */
class CaDesk {
  readonly cwd = folder({});

  at(...names: readonly string[]): string {
    return join(this.cwd, ...names);
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.at(...names), 'utf8');
  }

  run(...words: readonly string[]) {
    return provision(['ca', ...words], { cwd: this.cwd });
  }

  /** For commands that have to succeed. */
  async must(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('PRIVATE KEY');
    return stdout;
  }

  /** What a run does for a managed host. */
  async issueInRun(name: string): Promise<void> {
    const ca = await openPrivateCa(this.at('.provision/ca'));
    await ca.issue((await makeRequest()).request, { names: [name], days: 90, server: false });
  }

  async show() {
    return JSON.parse(await this.must('show', '--json'));
  }

  verify(purpose: string, file: string): string {
    return openssl(
      this.cwd,
      'verify',
      '-x509_strict',
      '-purpose',
      purpose,
      '-CAfile',
      '.provision/ca/ca.pem',
      file,
    );
  }
}

describe('provision ca init', () => {
  it('makes a CA that only its owner can use', async () => {
    const desk = new CaDesk();
    const said = await desk.must(
      'init',
      '--name',
      'Home',
      '--days',
      '400',
      '--permit',
      'lab',
      '--permit',
      '.example.com',
    );
    expect(said).toMatch(/made a private CA in\s+\S+:\sHome [0-9a-f]{8},\s+until/);
    expect(said).toContain('lab, example.com and names below');
    expect(said).toContain('Back the\ndirectory up');
    expect(readdirSync(desk.at('.provision/ca')).toSorted()).toEqual(['.gitignore', 'ca-key.pem', 'ca.pem']);
    expect(mode(desk.at('.provision/ca'))).toBe(0o700);
    expect(mode(desk.at('.provision'))).toBe(0o700);
    expect(mode(desk.at('.provision/ca/ca-key.pem'))).toBe(0o600);
    expect(desk.read('.provision/ca/.gitignore')).toBe('*\n');
    const text = openssl(desk.cwd, 'x509', '-in', '.provision/ca/ca.pem', '-noout', '-text');
    expect(text).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:lab\s+DNS:example.com/);
    expect(text).toContain('ASN1 OID: prime256v1');
    expect(text).toContain('ecdsa-with-SHA256');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
  });

  it('lasts ten years when nothing is said', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    const { validToDate } = new X509Certificate(desk.read('.provision/ca/ca.pem'));
    expect(validToDate.getUTCFullYear()).toBe(new Date().getUTCFullYear() + 10);
    expect((await desk.show()).permittedNames).toEqual([]);
  });
});

describe('provision ca issue', () => {
  it('writes certificate and key, and never over what is there', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    const said = await desk.must('issue', 'printer.lab', 'p2.lab');
    expect(said).toContain('issued printer.lab, p2.lab, for a TLS client, until');
    const words = said.replaceAll(/\s+/g, ' ');
    expect(words).toContain('can get lines into a log server that trusts this CA, under any name');
    for (const way of [
      'provision ca init -d DIR',
      'log_driver: gtls',
      'log_transport: relp',
      'rsyslog 8.2602',
    ])
      expect(words).toContain(way);
    expect(mode(desk.at('printer.lab'))).toBe(0o700);
    expect(mode(desk.at('printer.lab/privkey.pem'))).toBe(0o600);
    expect(desk.verify('sslclient', 'printer.lab/fullchain.pem')).toContain('OK');
    expect(() => desk.verify('sslserver', 'printer.lab/fullchain.pem')).toThrow('purpose');
    const own = openssl(desk.cwd, 'pkey', '-in', 'printer.lab/privkey.pem', '-pubout');
    expect(openssl(desk.cwd, 'x509', '-in', 'printer.lab/fullchain.pem', '-noout', '-pubkey')).toBe(own);
    const again = await desk.run('issue', 'printer.lab');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('are there already; nothing was issued');
    expect((await desk.show()).issued).toHaveLength(1);
  });

  it('makes a server for some days', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    await desk.must('issue', 'logs.lab', '--server', '--days', '7', '--out', 'deep/er');
    expect(desk.verify('sslserver', 'deep/er/fullchain.pem')).toContain('OK');
    const { validToDate } = new X509Certificate(desk.read('deep/er/fullchain.pem'));
    expect((validToDate.getTime() - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
  });

  it('certifies the key of a request and believes nothing else of it', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'own.key'];
    openssl(
      desk.cwd,
      'req',
      '-new',
      ...fresh,
      '-subj',
      '/CN=evil',
      '-addext',
      'subjectAltName=DNS:evil',
      '-out',
      'own.csr',
    );
    await desk.must('issue', 'good.lab', '--csr', 'own.csr', '--out', 'x');
    expect(readdirSync(desk.at('x'))).toEqual(['fullchain.pem']);
    const { subject, subjectAltName } = new X509Certificate(desk.read('x/fullchain.pem'));
    expect({ subject, subjectAltName }).toEqual({ subject: 'CN=good.lab', subjectAltName: 'DNS:good.lab' });
  });
});

describe('provision ca show', () => {
  it('fits 80 columns and shows all that a person asks', async () => {
    const desk = new CaDesk();
    await desk.must('init', '--permit', 'lab');
    const names = ['a-rather-long-host-name.in.some.department.lab', 'another.lab', 'third.lab'];
    await desk.must('issue', ...names, '--out', 'one');
    await desk.must('issue', 'h2.lab');
    await desk.must('revoke', 'h2.lab');
    await desk.must('renew', '--keep-key');
    const said = await desk.must('show');
    const { serial, issued, previous } = await desk.show();
    for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(said).toContain(`  serial     ${serial}\n`);
    expect(said).toMatch(/valid {6}\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, 36\d\d days left/);
    expect(said).toContain('  certifies  lab and names below\n');
    expect(said).toContain('  key        not encrypted\n');
    expect(said.replaceAll(/\s+/g, ' ')).toContain(`with its key ${previous[0].serial}`);
    expect(said).toMatch(new RegExp(`^h2.lab +${issued[1].serial}  \\d{4}-\\d\\d-\\d\\d  revoked$`, 'm'));
    expect(said).toContain(`${issued[0].serial}  ${issued[0].notAfter.slice(0, 10)}  superseded`);
    for (const name of names) expect(said).toContain(name);
  });

  it('shows what is wrong with a key, and changes nothing', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    chmodSync(desk.at('.provision/ca/ca-key.pem'), 0o644);
    const before = readdirSync(desk.at('.provision/ca'));
    const said = (await desk.must('show')).replaceAll(/\s+/g, ' ');
    expect(said).toContain('its key can be read by others; chmod 600');
    expect(said).toContain('nothing issued yet');
    expect(readdirSync(desk.at('.provision/ca'))).toEqual(before);
  });

  it('is a document for programs', async () => {
    const desk = new CaDesk();
    await desk.must('init', '--days', '30', '--name', 'Home');
    await desk.must('issue', 'h2');
    const { subject, serial, sha256, daysLeft, key, issued, ...rest } = await desk.show();
    const certificate = new X509Certificate(desk.read('.provision/ca/ca.pem'));
    expect(subject).toBe(certificate.subject);
    expect({ serial, sha256 }).toEqual({
      serial: certificate.serialNumber,
      sha256: certificate.fingerprint256,
    });
    expect({ daysLeft, key }).toEqual({ daysLeft: 29, key: 'plain' });
    const leaf = new X509Certificate(desk.read('h2/fullchain.pem'));
    expect(issued).toEqual([
      {
        names: ['h2'],
        serial: leaf.serialNumber,
        sha256: leaf.fingerprint256,
        notBefore: leaf.validFromDate.toISOString(),
        notAfter: leaf.validToDate.toISOString(),
        state: 'valid',
      },
    ]);
    expect(Object.keys(rest)).toEqual(['directory', 'notBefore', 'notAfter', 'permittedNames', 'previous']);
  });
});

describe('provision ca renew and revoke', () => {
  it('marks the certificates of a name, and says that apply does the rest', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    await desk.issueInRun('h2');
    const said = await desk.must('renew', 'h2');
    expect(said).toContain('h2: 1 certificate to be renewed');
    expect(said).not.toContain('provision ca issue');
    expect(said).toContain('provision apply');
    expect((await desk.show()).issued[0].state).toBe('due');
    expect(await desk.must('renew', 'h2')).toContain('1 certificate to be renewed');
  });

  it('says of what was issued by hand that no run renews it', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    await desk.must('issue', 'printer.lab', 'p2.lab');
    const said = (await desk.must('renew', 'p2.lab')).replaceAll(/\s+/g, ' ');
    const { issued } = await desk.show();
    expect(issued[0].state).toBe('due');
    expect(said).toContain(`${issued[0].serial} was made by \`provision ca issue\``);
    expect(said).toContain('no run renews it');
    expect(said).toContain('`provision ca issue printer.lab p2.lab --out printer.lab-new`');
    expect(said).not.toContain('provision apply');
    await desk.issueInRun('printer.lab');
    const both = await desk.must('renew', 'printer.lab');
    expect(both).toContain('printer.lab: 2 certificates to be renewed');
    expect(both).toContain('provision apply');
    expect(both).toContain('no run renews it');
  });

  it('replaces the CA, and says what follows', async () => {
    const desk = new CaDesk();
    await desk.must('init', '--name', 'Home', '--permit', 'lab');
    const before = await desk.show();
    const said = await desk.must('renew', '--permit', 'lab', '--permit', 'lan');
    const after = await desk.show();
    expect(after.subject).toMatch(/^CN=Home [0-9a-f]{8}$/);
    expect(after.subject).not.toBe(before.subject);
    expect(after.permittedNames).toEqual(['lab', 'lan']);
    expect(after.previous.map(({ serial }: { serial: string }) => serial)).toEqual([before.serial]);
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      `kept as previous/${before.serial}.pem; its key is destroyed here (not in your backups)`,
    );
    expect(said).toContain('Now run `provision apply PLAYBOOK`');
  });

  it('revokes, and says what that alone does not do', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    for (const out of ['one', 'two']) await desk.must('issue', 'h2', '--out', out);
    const said = (await desk.must('revoke', 'h2')).replaceAll(/\s+/g, ' ');
    expect(said).toContain('h2: revoked 2 certificates');
    expect(said).toContain('no list of revoked certificates (CRL)');
    expect(said).toContain('take it out of the inventory (log_clients)');
    expect(said).toContain('ossl before 8.2602, which can be talked out of its list of permitted names');
    expect(said).toContain('by its name, which the revoked certificate has too');
    expect(said).toContain('`provision ca renew` does it');
    const { issued } = await desk.show();
    expect(issued.map(({ state }: { state: string }) => state)).toEqual(['revoked', 'revoked']);
    expect(await desk.must('revoke', issued[1].serial)).toContain('revoked before');
  });

  it('does both at once', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    await desk.must('issue', 'h2');
    const before = await desk.show();
    const said = (await desk.must('revoke', before.issued[0].serial.slice(0, 12), '--renew-ca')).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(said).toContain('That is done now.');
    expect(said).toContain('replaced the private CA');
    const after = await desk.show();
    expect(after.serial).not.toBe(before.serial);
    expect(after.issued[0].state).toBe('revoked');
  });

  it('does neither when the CA cannot be replaced', async () => {
    const desk = new CaDesk();
    writeFileSync(desk.at('right'), 'correct horse battery', { mode: 0o600 });
    writeFileSync(desk.at('wrong'), 'staple staple staple', { mode: 0o600 });
    await desk.must('init', '--passphrase-file', 'right');
    await desk.must('issue', 'h2', '--passphrase-file', 'right');
    const before = await desk.show();
    const { code, stdout, stderr } = await desk.run(
      'revoke',
      'h2',
      '--renew-ca',
      '--passphrase-file',
      'wrong',
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the passphrase from wrong does not open its key');
    expect(await desk.show()).toEqual(before);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['show', [], 'there is no private CA in', 'provision ca init'],
    ['issue h2', [], 'there is no private CA in', '-d'],
    ['renew', [], 'there is no private CA in', '-d'],
    ['revoke h2', [], 'there is no private CA in', '-d'],
    ['init', ['init'], 'there is one already', 'provision ca renew'],
    ['init --permit no/name', [], "'no/name' is not a DNS suffix", 'lab.example.com'],
    ['init --name a+b', [], "'a+b' cannot be the name of a CA", 'letters'],
    ['issue bad..name', ['init'], "'bad..name' cannot be a DNS name", 'letters, digits, - and _'],
    ['issue h2 --csr none.csr', ['init'], 'certificate request none.csr', 'the path is relative to'],
    ['issue h2 --csr .provision/ca/ca.pem', ['init'], 'not a certificate request', 'make the request anew'],
    [
      'issue h2.lan',
      ['init --permit lab'],
      'it may not certify h2.lan: it is constrained to lab',
      'renew --permit',
    ],
    ['renew h3', ['init', 'issue h2'], "no certificate for 'h3'", "did you mean 'h2'?"],
    [
      'renew h2',
      ['init', 'issue h2', 'revoke h2'],
      "no certificate of 'h2' is valid any more",
      'provision apply',
    ],
    [
      'renew h2 --days 5 --keep-key',
      ['init', 'issue h2'],
      'about the CA, not about one certificate: --days, --keep-key',
      'replaces the CA',
    ],
    ['revoke h3', ['init'], "no certificate for 'h3'", 'provision ca show'],
    ['init --passphrase-file none', [], 'passphrase file none: there is no such file', 'is relative to'],
    ['init --passphrase', [], 'there is no terminal', 'name a file with --passphrase-file'],
    ['renew --new-passphrase', ['init'], 'there is no terminal', 'with --new-passphrase-file'],
    ['init -d .provision/ca/ca.pem', ['init'], 'not a directory', 'a file where a directory is needed'],
  ] as const)('%s', async (command, before, message, hint) => {
    const desk = new CaDesk();
    for (const earlier of before) await desk.must(...earlier.split(' '));
    const { code, stdout, stderr } = await desk.run(...command.split(' '));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const said = stderr.replaceAll(/\s+/g, ' ');
    expect(said).toContain(message);
    expect(said).toContain(hint);
    expect(said).not.toContain('internal error');
    if (before.length === 0) expect(existsSync(desk.at('.provision'))).toBe(false);
  });

  it('has issued nothing when it cannot be written', async () => {
    const desk = new CaDesk();
    await desk.must('init');
    const { code, stderr } = await desk.run('issue', 'h2', '--out', '.provision/ca/ca.pem/sub');
    expect(code).toBe(1);
    expect(stderr).toContain('there is a file where a directory is needed');
    expect((await desk.show()).issued).toEqual([]);
  });

  it.each([
    [['*.lan'], "'*.lan' is a wildcard", 'provision ca issue printer.lan'],
    [['192.168.1.9'], "'192.168.1.9' is an address", 'need not resolve'],
    [['[fd00::9]'], "'[fd00::9]' is an address", 'need not resolve'],
    [['ok.lan', '*.lan', '::1'], "'::1' is an address", "'*.lan' is a wildcard"],
    [['Drucker im Flur'], "'Drucker im Flur' cannot be a DNS name", 'as in printer.lab'],
  ])('a name that nobody would match is not issued: %j', async (names, message, next) => {
    const desk = new CaDesk();
    await desk.must('init');
    const { code, stderr } = await desk.run('issue', ...names);
    expect(code).toBe(1);
    const said = stderr.replaceAll(/\s+/g, ' ');
    expect(said).toContain(message);
    expect(said).toContain(next);
    expect(stderr).not.toContain('make the request anew');
    expect((await desk.show()).issued).toEqual([]);
    expect(readdirSync(desk.cwd)).toEqual(['.provision']);
  });

  it.each([
    [['frob'], "unknown command 'frob'"],
    [['issue'], "missing required argument 'name'"],
    [['init', '--days', '0'], 'whole number, 1 or more'],
    [['show', 'x'], 'too many arguments'],
  ])('usage: %j', async (words, message) => {
    const { code, stderr } = await new CaDesk().run(...words);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\(`provision ca( \w+)? --help` shows more\)/);
  });
});
