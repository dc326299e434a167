import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askSecret, PromptInterrupted } from '../../../../cli/secret-prompt.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import type { PassphraseSource } from '../../private-ca/ca-passphrase.ts';
import { caProblem } from '../../private-ca/private-ca-problem.ts';
import { readPassphraseFile } from './passphrase-file.ts';

/** Name of the systemd credential (LoadCredential=) that holds the passphrase in scheduled runs. */
const credential = 'provision-ca-passphrase';

/** Where a passphrase may come from. */
export interface PassphraseWays {
  /** The option that names a file, and the file. */
  readonly option: string;
  readonly file: string | undefined;
  /** Lets the question have the terminal. */
  readonly aside?: <T>(question: () => Promise<T>) => Promise<T>;
  /** Given every passphrase, so that none is ever shown. */
  readonly hide?: (passphrase: string) => void;
  /** Called when the person pressed Ctrl-C instead of answering. */
  readonly interrupted?: () => void;
}

/** Gives a CA's passphrase: from the file that an option names, else from systemd's credential, else from the person at the terminal. */
export function passphraseSource(ways: PassphraseWays): PassphraseSource {
  const { file, hide } = ways;
  return async (directory) => {
    const given = (text: string, origin: string, again = false) => {
      hide?.(text);
      return { text, origin, again };
    };
    if (file !== undefined) return given(readPassphraseFile(file), file);
    const path = join(process.env.CREDENTIALS_DIRECTORY ?? '', credential);
    if (process.env.CREDENTIALS_DIRECTORY && existsSync(path))
      return given(readFileSync(path, 'utf8').replace(/\r?\n$/, ''), path);
    return given(await asked(directory, ways), 'the terminal', true);
  };
}

async function asked(directory: string, ways: PassphraseWays): Promise<string> {
  const ask = () => askSecret(`passphrase of the private CA in ${directory}: `, 'an encrypted CA key');
  const hint = `run it from a terminal, or name a file with ${ways.option} FILE, or give systemd's credential ${credential}`;
  try {
    const answer = await (ways.aside ? ways.aside(ask) : ask());
    if (answer) return answer;
  } catch (error) {
    if (error instanceof PromptInterrupted && ways.interrupted) ways.interrupted();
    else if (!(error instanceof ProvisionError)) throw error;
    else
      throw caProblem(
        directory,
        'its key is encrypted, and there is no terminal to ask for the passphrase',
        hint,
      );
  }
  throw caProblem(directory, 'its key is encrypted, and no passphrase was given', hint);
}
