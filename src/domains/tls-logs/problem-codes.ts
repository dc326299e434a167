import type { CodeText } from '../../errors/problem-codes.ts';

/** Every code that this domain gives a problem, beside those of the engine. */
export const tlsLogsCodes = {
  'certificate-request': {
    meaning:
      'a host asks for a certificate that the private CA does not give: a weak key, a wrong signature, a name that cannot be one',
    fix: 'let the host make a new request in the next run',
  },
  'file-exists': {
    meaning: '`provision init` or `provision ca issue` would overwrite a file',
    fix: 'name another one, or remove the file',
  },
  'file-system': {
    meaning: 'a file of the private CA cannot be read or written',
    fix: 'its message says why: rights, a full disk',
  },
  'no-certificates': {
    meaning: '`provision schedule` finds no certificate in the playbook that could come to an end',
    fix: 'name a playbook with certificates, or tag their tasks with `certificates`',
  },
  'open-file': { meaning: 'others may read a file with a secret', fix: '`chmod 600` it' },
  'open-value': {
    meaning: '`-e name=value` would show a value in a unit and in the list of processes',
    fix: 'pass it in a file that only you may read, with `-e @FILE`',
  },
  passphrase: {
    meaning: 'no passphrase was given for the private CA, or two that differ',
    fix: 'give it, or name a file with `--ca-passphrase-file`',
  },
  'passphrase-file': {
    meaning: 'the file with the passphrase of the private CA cannot be used',
    fix: 'its message says why: missing, empty, readable by others',
  },
  'private-ca': {
    meaning: 'the private CA is missing, damaged, in use or expired',
    fix: '`provision ca show` describes it; docs/private-ca.md says what to do',
  },
  'unfit-path': {
    meaning: 'a path cannot stand in a unit of systemd',
    fix: 'take one without the characters that the message names',
  },
  'unknown-certificate': {
    meaning: 'the private CA has issued no such certificate',
    fix: '`provision ca show` lists what it has issued',
  },
  usage: {
    meaning: 'options of a command exclude each other, or one is missing, or has a value that it cannot have',
    fix: 'its `--help` shows how they go together',
  },
  'wrong-calendar': {
    meaning: 'systemd does not understand when the schedule is to run',
    fix: 'write it as systemd.time(7) says: daily, Mon *-*-* 04:00',
  },
  'wrong-notice': {
    meaning: 'nobody can be told there what a schedule did',
    fix: 'write mailto:ADDRESS; or a file that only you may read, with ntfy:URL or the URL of a webhook',
  },
} as const satisfies Readonly<Record<string, CodeText>>;

declare module '../../errors/problem.ts' {
  interface ProblemCodes {
    readonly tlsLogs: keyof typeof tlsLogsCodes;
  }
}
