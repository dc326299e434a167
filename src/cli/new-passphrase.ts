import { ProvisionError } from '../errors/problem.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { askSecret } from './secret-prompt.ts';

// Who has the file can try as many as they like: shorter ones do not last.
const shortest = 8;
const attempts = 3;

function refuse(message: string, hint: string): ProvisionError {
  return new ProvisionError([{ code: 'passphrase', message, hint }]);
}

function tooShort(passphrase: string): boolean {
  return [...passphrase].length < shortest;
}

const advice = `at least ${shortest} characters; four or five random words are good`;

/** A passphrase for a new key, from a file or asked for twice; undefined when none is wanted. Throws ProvisionError when it is no good. */
export async function newPassphrase(
  wanted: boolean | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (file !== undefined) {
    const passphrase = readPassphraseFile(file);
    if (tooShort(passphrase)) throw refuse(`the passphrase in ${file} is too short`, advice);
    return passphrase;
  }
  if (!wanted) return undefined;
  for (let attempt = 1; ; attempt++) {
    const first = (await askSecret('passphrase for the new CA: ', '--passphrase')) ?? '';
    if (first === '') throw refuse('no passphrase was given', 'nothing was made');
    const complaint = tooShort(first)
      ? `too short: ${advice}`
      : (await askSecret('the same again: ', '--passphrase')) === first
        ? undefined
        : 'the two differ';
    if (complaint === undefined) return first;
    if (attempt === attempts) throw refuse(`no passphrase: ${complaint}`, 'nothing was made');
    process.stderr.write(`${complaint}\n`);
  }
}
