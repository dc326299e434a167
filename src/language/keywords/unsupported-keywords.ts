import { oneSlipFrom } from '../../errors/did-you-mean.ts';
import { loopWords } from './loop-words.ts';

/** Words of Ansible's playbooks that are refused, with what to do instead. */
const unsupportedKeywords: ReadonlyMap<string, string> = new Map([
  ['become_flags', 'sudo, doas and su get no further flags'],
  ['become_exe', 'sudo, doas and su are found on the PATH of the host'],
  ['become_password', 'use -K, which asks for it'],
  ['fact_path', 'read a file on the host with a task and register'],
  ['sudo', 'use become: true'],
  ['sudo_user', 'use become_user'],
  ['su', 'use become: true'],
  ['first_available_file', 'use the `first` filter on a list of names'],
]);

const loops: ReadonlyMap<string, string> = new Map([
  ['with_random_choice', 'choose the item yourself: what is random cannot be repeated'],
  ['with_inventory_hostnames', 'loop: "{{ groups[\'NAME\'] }}"'],
  ['with_lines', 'register the output of a command and loop over stdout_lines'],
  ['with_ini', 'write the values as variables'],
  ['with_url', 'fetch it with get_url first'],
]);

// Words that need not be obeyed, with what a user has to know of that; undefined where nothing comes out otherwise.
const idle: ReadonlyMap<string, string | undefined> = new Map([
  ['collections', undefined],
  ['strategy', undefined],
  ['gather_subset', undefined],
  ['gather_timeout', undefined],
  ['debugger', 'a failure is explained when the run ends'],
  [
    'ignore_unreachable',
    'a host that is lost stays lost for the run, and the exit code says so; the other hosts go on',
  ],
  ['throttle', 'hosts are not slowed down; use serial on the play, or -f on the command line'],
]);

/** Keywords of Ansible's that are accepted and have no effect. */
export const idleKeywords: readonly string[] = [...idle.keys()];

/** A keyword of Ansible's that is accepted and has no effect; `advice` where results can differ. */
export function idleKeyword(word: string): { readonly advice: string | undefined } | undefined {
  return idle.has(word) ? { advice: idle.get(word) } : undefined;
}

/** What to use instead of an Ansible keyword that is refused; undefined for a word that Ansible does not know either. */
export function insteadOfKeyword(word: string): string | undefined {
  const instead = unsupportedKeywords.get(word) ?? loops.get(word);
  if (instead) return instead;
  if (word.startsWith('with_') && oneSlipFrom(word, loopWords) === undefined)
    return 'use loop with an expression that gives the same list';
  return undefined;
}
