import { askSecret } from '../../../../cli/secret-prompt.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import { readPassphraseFile } from './passphrase-file.ts';

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

/**
 * A passphrase for a new key, from a file or asked for twice; undefined when none is wanted.
 * Throws ProvisionError when it is no good, or there is nobody to ask.
 * @param option that asks for it; with `-file` behind it, it names a file
 */
export async function newPassphrase(
  option: string,
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
    const first = (await asked('passphrase for the new CA: ', option)) ?? '';
    if (first === '') throw refuse('no passphrase was given', 'nothing was made');
    const complaint = tooShort(first)
      ? `too short: ${advice}`
      : (await asked('the same again: ', option)) === first
        ? undefined
        : 'the two differ';
    if (complaint === undefined) return first;
    if (attempt === attempts) throw refuse(`no passphrase: ${complaint}`, 'nothing was made');
    process.stderr.write(`${complaint}\n`);
  }
}

async function asked(question: string, option: string): Promise<string | undefined> {
  try {
    return await askSecret(question, option);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    throw refuse(
      `${option} asks a person for the passphrase, and there is no terminal`,
      `run it from a terminal, or name a file with ${option}-file FILE`,
    );
  }
}
