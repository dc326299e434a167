import { posix } from 'node:path';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json } from '../resource.ts';

/** What is wanted of an account beyond its entries: when it and its password end, and a key for ssh. */
export interface WantedExtras {
  readonly name: string;
  /** Seconds since 1970; negative: never. */
  readonly expires?: number | undefined;
  /** Days. */
  readonly password_expire_min?: number;
  readonly password_expire_max?: number;
  readonly password_expire_warn?: number;
  readonly generate_ssh_key?: boolean;
  readonly ssh_key_type?: string;
  readonly ssh_key_bits?: number;
  readonly ssh_key_file?: string;
  readonly ssh_key_comment?: string;
}

/** What the host knows of that. */
export interface UserExtras {
  /** Days, and the day since 1970 on which the account ends; undefined where it does not. */
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly warning: number | undefined;
  readonly end: number | undefined;
  readonly key: boolean;
  readonly fingerprint: string;
  readonly publicKey: string;
}

/** Nothing of it, as of an account that is not there. */
export const noExtras: UserExtras = {
  least: undefined,
  most: undefined,
  warning: undefined,
  end: undefined,
  key: false,
  fingerprint: '',
  publicKey: '',
};

/** Whether any of it is asked for. */
export function wantsExtras(want: WantedExtras): boolean {
  const { expires, password_expire_min, password_expire_max, password_expire_warn, generate_ssh_key } = want;
  return (
    [expires, password_expire_min, password_expire_max, password_expire_warn].some(
      (one) => one !== undefined,
    ) || generate_ssh_key === true
  );
}

function keyFile({ ssh_key_file, ssh_key_type = 'rsa' }: WantedExtras): string {
  return ssh_key_file ?? posix.join('.ssh', `id_${ssh_key_type}`);
}

// sh code that names the key's file in $provision_key.
function keyPath(want: WantedExtras): string {
  const file = keyFile(want);
  return file.startsWith('/')
    ? `provision_key=${quote(file)}`
    : `provision_key=$(getent passwd ${quote(want.name)} | { IFS=: read -r _ _ _ _ _ provision_home _ && printf %s "$provision_home"; })/${quote(file)}`;
}

/** sh code that prints what of it there is; no hash of a password. */
export function extrasScript(want: WantedExtras): string {
  const name = quote(want.name);
  return [
    'export LC_ALL=C',
    `getent shadow ${name} | { IFS=: read -r _ _ _ provision_least provision_most provision_warn _ provision_end _ && printf 'aging %s:%s:%s:%s\\n' "$provision_least" "$provision_most" "$provision_end" "$provision_warn"; }`,
    ...(want.generate_ssh_key
      ? [
          keyPath(want),
          'if [ -e "$provision_key" ]; then',
          '  echo key; ssh-keygen -l -f "$provision_key" 2>/dev/null | { IFS= read -r provision_line && printf \'print %s\\n\' "$provision_line"; }',
          '  [ ! -r "$provision_key.pub" ] || { IFS= read -r provision_line <"$provision_key.pub"; printf \'public %s\\n\' "$provision_line"; }',
          'fi',
        ]
      : []),
    ':',
  ].join('\n');
}

/** Reads what `extrasScript` printed. */
export function readExtras({ stdout }: ScriptOutput): UserExtras {
  const line = (word: string) => new RegExp(`^${word} (.*)$`, 'm').exec(stdout)?.[1];
  const [least, most, end, warning] = (line('aging') ?? '')
    .split(':')
    .map((text) => (/^\d+$/.test(text) ? Number(text) : undefined));
  return {
    least,
    most,
    end,
    warning,
    key: /^key$/m.test(stdout),
    fingerprint: line('print') ?? '',
    publicKey: line('public') ?? '',
  };
}

const secondsOfDay = 86_400;

// The day on which the account is to end; undefined: never.
function endDay({ expires }: WantedExtras): number | undefined {
  return expires === undefined || expires < 0 ? undefined : Math.floor(expires / secondsOfDay);
}

function dayText(day: number | undefined): string {
  return day === undefined ? 'never' : new Date(day * secondsOfDay * 1000).toISOString().slice(0, 10);
}

/** How they differ. */
export function extraChanges(want: WantedExtras, have: UserExtras): readonly Change[] {
  const changes: Change[] = [];
  const compare = (attribute: string, to: number | undefined, from: number | undefined) => {
    if (to !== undefined && to !== from)
      changes.push({ attribute, ...(from !== undefined && { from: String(from) }), to: String(to) });
  };
  if (want.expires !== undefined && endDay(want) !== have.end)
    changes.push({ attribute: 'expires', from: dayText(have.end), to: dayText(endDay(want)) });
  compare('password_expire_min', want.password_expire_min, have.least);
  compare('password_expire_max', want.password_expire_max, have.most);
  compare('password_expire_warn', want.password_expire_warn, have.warning);
  if (want.generate_ssh_key && !have.key)
    changes.push({ attribute: 'ssh_key', from: 'absent', to: keyFile(want) });
  return changes;
}

function keyScript(want: WantedExtras): readonly string[] {
  const name = quote(want.name);
  const bits = want.ssh_key_bits ? ` -b ${want.ssh_key_bits}` : '';
  const comment =
    want.ssh_key_comment === undefined ? '"ansible-generated on $(uname -n)"' : quote(want.ssh_key_comment);
  return [
    keyPath(want),
    'provision_owner=$(id -u -- NAME):$(id -g -- NAME) || exit 1'.replaceAll('NAME', name),
    'provision_folder=${provision_key%/*}',
    '[ -d "$provision_folder" ] || { mkdir -m 0700 -- "$provision_folder" && chown -- "$provision_owner" "$provision_folder"; } || exit 1',
    `ssh-keygen -q -t ${quote(want.ssh_key_type ?? 'rsa')}${bits} -C ${comment} -N '' -f "$provision_key" || exit 1`,
    'chown -- "$provision_owner" "$provision_key" "$provision_key.pub" || exit 1',
  ];
}

/** sh code that makes it so; the account is there. */
export function extraScript(want: WantedExtras, changes: readonly Change[]): readonly string[] {
  const name = quote(want.name);
  const differs = (attribute: string) => changes.some((change) => change.attribute === attribute);
  const least = differs('password_expire_min') ? ` -m ${want.password_expire_min}` : '';
  const most = differs('password_expire_max') ? ` -M ${want.password_expire_max}` : '';
  const warning = differs('password_expire_warn') ? ` -W ${want.password_expire_warn}` : '';
  const end = differs('expires') ? ` -E ${endDay(want) ?? -1}` : '';
  return [
    ...(least + most + warning + end === ''
      ? []
      : [`chage${least}${most}${warning}${end} -- ${name} || exit 1`]),
    ...(differs('ssh_key') ? keyScript(want) : []),
  ];
}

/** What `register` sees of it. */
export function extrasResult(want: WantedExtras, have: UserExtras): { readonly [key: string]: Json } {
  if (!want.generate_ssh_key || !have.key) return {};
  return {
    ssh_key_file: keyFile(want),
    ssh_fingerprint: have.fingerprint,
    ssh_public_key: have.publicKey,
  };
}
