import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificates } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import { renewalRecord } from '../../../../../src/domains/tls-logs/resources/renewal-record.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';
import { seenCertificates } from '../../../../helpers/tls-logs/seen-certificates.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const running: ChildProcess[] = [];

beforeAll(() => {
  made.root('one', 'subjectAltName=DNS:log.example.com');
  made.root('two', 'subjectAltName=DNS:log.example.com');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});
afterAll(() => made.remove());

const print = (name: string) => parseCertificates(made.pem(name))[0]?.fingerprint256 ?? '';

interface Note {
  readonly state: string;
  readonly of?: string;
  readonly reason?: string;
}

const written = ({ state, of = 'one', reason = '' }: Note) =>
  JSON.stringify({
    state,
    time: '2026-11-02T03:04:05Z',
    lineage: '/live/x',
    fingerprint: print(of),
    domains: ['log.example.com'],
    reason,
  });

/** A directory with the certificate `one`, and what a hook wrote about it. */
function host(text?: string, word = 'x') {
  const directory = join(fresh(), word);
  const wish = {
    lineage: join(directory, 'live'),
    record: join(directory, 'record.json'),
    place: '/etc/x/own',
  };
  mkdirSync(wish.lineage, { recursive: true });
  copyFileSync(join(made.directory, 'one.pem'), join(wish.lineage, 'fullchain.pem'));
  writeFileSync(`${wish.record}.lock`, '');
  if (text !== undefined) writeFileSync(wish.record, text);
  return { directory, wish };
}

async function observe(wish: { readonly lineage: string }, machine = new ShellHost()) {
  const { args, have } = await machine.plan(renewalRecord, wish);
  const observed = seenCertificates(renewalRecord, { args, have });
  expect(observed).toHaveLength(1);
  return { observation: observed[0], result: renewalRecord.result?.(args as never, have as never, []) };
}

describe.each(shells.map((shell) => ({ shell })))(
  'renewal_record on a host whose sh is $shell',
  ({ shell }) => {
    it('shows the certificate and what is wrong, and alters nothing', async () => {
      for (const word of hostileWords) {
        const { directory, wish } = host(written({ state: 'failed', reason: `exit code 3: ${word}` }), word);
        const before = treeOf(directory);
        const { observation, result } = await observe(wish, new ShellHost(shell));
        expect(treeOf(directory)).toEqual(before);
        const trouble = `the deploy hook failed on 2026-11-02: exit code 3: ${word}`;
        expect(observation).toEqual({
          place: '/etc/x/own',
          stage: 'issued',
          chain: made.pem('one'),
          trouble,
        });
        expect(result).toMatchObject({ trouble, running: false, note: { state: 'failed' } });
      }
    });
  },
);

describe('renewal_record says of a certificate whose deploy hook', () => {
  it.each<{ readonly title: string; readonly text?: () => string; readonly trouble: string | undefined }>([
    { title: 'came to its end', text: () => written({ state: 'done' }), trouble: undefined },
    { title: 'never ran', trouble: 'the deploy hook never ran for this certificate' },
    {
      title: 'ran for the one before',
      text: () => written({ state: 'done', of: 'two' }),
      trouble: 'the deploy hook never ran for this certificate',
    },
    {
      title: 'failed for the one before',
      text: () => written({ state: 'failed', of: 'two', reason: 'x' }),
      trouble: 'the deploy hook never ran for this certificate',
    },
    {
      title: 'began and never ended',
      text: () => written({ state: 'begun' }),
      trouble: 'the deploy hook was cut off on 2026-11-02',
    },
    { title: 'left half a record', text: () => '{"state":"do', trouble: 'is damaged' },
    { title: 'left something else', text: () => written({ state: 'well' }), trouble: 'is damaged' },
  ])('$title', async ({ text, trouble }) => {
    const { observation } = await observe(host(text?.()).wish);
    if (trouble === undefined) expect(observation).not.toHaveProperty('trouble');
    else expect(observation?.trouble).toContain(trouble);
  });

  it('runs at this moment: nothing', async () => {
    const { directory, wish } = host(written({ state: 'begun' }));
    const mark = join(directory, 'holding');
    const hold = 'exec 9>"$0"; flock 9; : >"$1"; exec sleep 60';
    running.push(spawn('sh', ['-c', hold, `${wish.record}.lock`, mark]));
    for (let tries = 0; tries < 200 && !existsSync(mark); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const { observation, result } = await observe(wish);
    expect(observation).not.toHaveProperty('trouble');
    expect(result).toMatchObject({ trouble: '', running: true });
  });
});

describe('renewal_record without a certificate', () => {
  it('says so', async () => {
    const lineage = join(fresh(), 'live');
    const { observation } = await observe({ lineage });
    expect(observation).toEqual({
      place: lineage,
      stage: 'issued',
      trouble: `there is no certificate in ${lineage}`,
    });
  });
});
