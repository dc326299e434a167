import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { renewAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-renewal.ts';
import { storeAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { makeRequest } from '../../../../../src/domains/tls-logs/private-ca/key-request.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import { OpenedCas } from '../../../../../src/domains/tls-logs/private-ca/opened-cas.ts';
import { openPrivateCa } from '../../../../../src/domains/tls-logs/private-ca/private-ca.ts';
import { CaFolder } from '../../../../helpers/tls-logs/ca-folder.ts';

const passphrase = 'open "sesame" ä';

/** A CA that is encrypted with less work than ours takes: these tests are not about that. */
async function sealed(): Promise<CaFolder> {
  const ca = new CaFolder();
  const made = await makeAuthority(new Date());
  expect(await storeAuthority(ca.path, made)).toBe(true);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(8);
  const armoured = armor.encode(await encrypter.encrypt(made.key));
  writeFileSync(ca.at('ca-key.pem.age'), armoured, { mode: 0o600 });
  rmSync(ca.at('ca-key.pem'));
  return ca;
}

function source(...answers: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    ask: (directory: string) => {
      asked.push(directory);
      return Promise.resolve({ text: answers[asked.length - 1] ?? '', origin: 'the test', again: true });
    },
  };
}

/** Runs the age tool on a terminal of its own and types the passphrase whenever it asks. */
async function ageTool(folder: string, command: string): Promise<void> {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const questions = shown.match(/passphrase[^:\n]*: /gi) ?? [];
    for (; answered < questions.length; answered++) child.stdin.write(`${passphrase}\r`);
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  expect({ code, answered: answered > 0 }, shown).toEqual({ code: 0, answered: true });
}

describe('an encrypted key', () => {
  it('is in no file, and only its owner may read what is there', async () => {
    const ca = new CaFolder();
    expect(await storeAuthority(ca.path, await makeAuthority(new Date()), passphrase)).toBe(true);
    expect(readdirSync(ca.path).toSorted()).toEqual(['.gitignore', 'ca-key.pem.age', 'ca.pem']);
    expect(statSync(ca.at('ca-key.pem.age')).mode & 0o777).toBe(0o600);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const key = await decrypter.decrypt(armor.decode(ca.read('ca-key.pem.age')), 'text');
    expect(createPrivateKey(key).asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(ca.verify(await ca.issue('h2', passphrase), 'sslclient')).toBe('OK');
    for (const name of readdirSync(ca.path, { recursive: true, encoding: 'utf8' })) {
      if (statSync(ca.at(name)).isFile()) expect(ca.read(name)).not.toContain('PRIVATE KEY');
    }
  });

  it('is opened by the age tool', async () => {
    const ca = new CaFolder();
    await storeAuthority(ca.path, await makeAuthority(new Date()), passphrase);
    await ageTool(ca.path, 'age -d -o opened ca-key.pem.age');
    const key = createPrivateKey(ca.read('opened'));
    const openssl = execFileSync('openssl', ['x509', '-in', ca.at('ca.pem'), '-noout', '-pubkey'], {
      encoding: 'utf8',
    });
    const own = execFileSync('openssl', ['pkey', '-pubout'], {
      input: key.export({ type: 'pkcs8', format: 'pem' }),
      encoding: 'utf8',
    });
    expect(own).toBe(openssl);
  });

  it.each(['', '-a '])('may be made by the age tool (age -p %s)', async (armoured) => {
    const ca = new CaFolder();
    await ca.issue('h2');
    await ageTool(
      ca.path,
      `age -p ${armoured}-o ca-key.pem.age ca-key.pem && rm ca-key.pem && chmod 600 ca-key.pem.age`,
    );
    expect(ca.verify(await ca.issue('h3', passphrase), 'sslclient')).toBe('OK');
  });

  it('is asked for only when something is signed, once, whatever the number of hosts', async () => {
    const ca = await sealed();
    const { asked, ask } = source(passphrase);
    const cas = new OpenedCas(ask);
    expect((await cas.open(ca.path, undefined)).certificate).toBe(ca.read('ca.pem'));
    expect(asked).toEqual([]);
    const wanted = { days: 90, server: false };
    const { request } = await makeRequest();
    const chains = await Promise.all(
      ['h1', 'h2', 'h3'].map(async (name) =>
        (await cas.open(ca.path, undefined)).issue(request, { ...wanted, names: [name] }),
      ),
    );
    expect(chains.map((chain) => ca.verify(chain, 'sslclient'))).toEqual(['OK', 'OK', 'OK']);
    expect(asked).toEqual([ca.path]);
    cas.close();
    expect(readdirSync(ca.at('locks'))).toEqual([]);
  });

  it('is asked for again after a slip, three times at most, and never again for the next host', async () => {
    const ca = await sealed();
    const { request } = await makeRequest();
    const wanted = { names: ['h2'], days: 90, server: false };
    const slip = source('wrong one', passphrase);
    const slipped = await openPrivateCa(ca.path, { passphrase: slip.ask });
    expect(await slipped.issue(request, wanted)).toContain('BEGIN CERTIFICATE');
    expect(slip.asked).toHaveLength(2);
    const wrong = source('a', 'b', 'c', passphrase);
    const never = await openPrivateCa(ca.path, { passphrase: wrong.ask });
    await expect(never.issue(request, wanted)).rejects.toThrow(
      'the passphrase from the test does not open its key',
    );
    await expect(never.issue(request, wanted)).rejects.toThrow('does not open');
    expect(wrong.asked).toHaveLength(3);
  }, 60_000);

  it.each([
    ['nobody can be asked', () => {}, undefined, 'its key is encrypted, and nobody can be asked'],
    [
      'it is damaged',
      (ca: CaFolder) =>
        writeFileSync(ca.at('ca-key.pem.age'), ca.read('ca-key.pem.age').replace(/\n.{9}/, '\nAAAAAAAAA')),
      passphrase,
      'its encrypted key is damaged',
    ],
    [
      'it is cut off',
      (ca: CaFolder) => writeFileSync(ca.at('ca-key.pem.age'), ca.read('ca-key.pem.age').slice(0, 200)),
      passphrase,
      'its encrypted key is damaged',
    ],
    [
      'both keys are there',
      (ca: CaFolder) => writeFileSync(ca.at('ca-key.pem'), '', { mode: 0o600 }),
      passphrase,
      'it has two keys',
    ],
  ])('says so when %s', async (_what, spoil, answer, message) => {
    const ca = await sealed();
    spoil(ca);
    await expect(ca.issue('h2', answer)).rejects.toThrow(message);
  });

  it('says so when it is another one, or encrypted for a recipient', async () => {
    const [ca, other] = [await sealed(), await sealed()];
    writeFileSync(ca.at('ca-key.pem.age'), other.read('ca-key.pem.age'));
    await expect(ca.issue('h2', passphrase)).rejects.toThrow('do not belong together');
    const encrypter = new Encrypter();
    encrypter.addRecipient('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p');
    writeFileSync(ca.at('ca-key.pem.age'), armor.encode(await encrypter.encrypt('x')));
    await expect(ca.issue('h2', passphrase)).rejects.toThrow('not encrypted with a passphrase');
  });
});

describe('renewing a CA with an encrypted key', () => {
  const given = (text: string) => () => Promise.resolve({ text, origin: 'test', again: false });

  it('encrypts the new key with the same passphrase, which must open the present one', async () => {
    const ca = await sealed();
    const before = ca.read('ca.pem');
    await expect(renewAuthority(ca.path, { passphrase: given('wrong') }, new Date())).rejects.toThrow(
      'does not open',
    );
    expect(ca.read('ca.pem')).toBe(before);
    const renewal = await renewAuthority(
      ca.path,
      { passphrase: given(passphrase), keepKey: true },
      new Date(),
    );
    expect(ca.verify(await ca.issue('h2', passphrase), 'sslclient')).toBe('OK');
    expect(readdirSync(ca.path)).not.toContain('ca-key.pem');
    const kept = readFileSync(join(ca.at('previous'), `${renewal.before.serialNumber}-key.pem.age`), 'utf8');
    expect(kept).toContain('AGE ENCRYPTED FILE');
  }, 60_000);

  it('may get a new passphrase without the old one, and a plain key its first', async () => {
    const ca = await sealed();
    await renewAuthority(ca.path, { newPassphrase: () => Promise.resolve('another one') }, new Date());
    expect(ca.verify(await ca.issue('h2', 'another one'), 'sslclient')).toBe('OK');
    const plain = new CaFolder();
    await plain.issue('h2');
    await renewAuthority(plain.path, { newPassphrase: () => Promise.resolve('first one') }, new Date());
    expect(readdirSync(plain.path)).not.toContain('ca-key.pem');
    expect(plain.verify(await plain.issue('h2', 'first one'), 'sslclient')).toBe('OK');
  }, 60_000);
});
