import { quote } from '../../shell/quote.ts';
import { systemPath } from '../../shell/system-path.ts';
import type { Change } from '../resource.ts';
import { extraChanges, extraScript, noExtras } from './user-extras.ts';
import type { UserState, WantedUser } from './user-state.ts';

function wantedGroups(want: WantedUser, have: UserState): readonly string[] | undefined {
  if (want.groups === undefined) return undefined;
  const named = want.groups.map((group) => group.trim()).filter((group) => group !== '');
  const kept = want.append ? have.groups.filter((group) => group !== have.primaryGroup) : [];
  return [...new Set([...kept, ...named])].toSorted();
}

function setsPassword(want: WantedUser, have: UserState): boolean {
  if (want.password === undefined || (want.update_password === 'on_create' && have.entry)) return false;
  return !have.entry || !have.samePassword;
}

// An account that is made does not end unless it is to.
function fromNow({ expires }: WantedUser): number | undefined {
  return expires !== undefined && expires < 0 ? undefined : expires;
}

function newUserChanges(want: WantedUser): readonly Change[] {
  const changes: Change[] = [{ attribute: 'state', from: 'absent', to: 'present' }];
  const wanted: readonly (readonly [string, string | number | undefined])[] = [
    ['uid', want.uid],
    ['group', want.group],
    ['groups', want.groups?.join(',')],
    ['comment', want.comment],
    ['home', want.home],
    ['shell', want.shell],
  ];
  for (const [attribute, to] of wanted)
    if (to !== undefined && to !== '') changes.push({ attribute, to: String(to) });
  if (want.password !== undefined) changes.push({ attribute: 'password', to: 'set' });
  if (want.password_lock) changes.push({ attribute: 'password_lock', to: 'true' });
  return [...changes, ...extraChanges({ ...want, expires: fromNow(want) }, noExtras)];
}

/** How the account differs. */
export function userChanges(want: WantedUser, have: UserState): readonly Change[] {
  const { entry } = have;
  if (want.state === 'absent') return entry ? [{ attribute: 'state', from: 'present', to: 'absent' }] : [];
  if (!entry) return newUserChanges(want);
  const changes: Change[] = [];
  const compare = (attribute: string, to: string | number | undefined, from: string | number) => {
    if (to !== undefined && to !== from) changes.push({ attribute, from: String(from), to: String(to) });
  };
  compare('uid', want.uid, entry.uid);
  if (want.group !== String(entry.gid)) compare('group', want.group, have.primaryGroup);
  const others = have.groups.filter((group) => group !== have.primaryGroup).toSorted();
  const groups = wantedGroups(want, have)?.filter((group) => group !== (want.group ?? have.primaryGroup));
  compare('groups', groups?.join(','), others.join(','));
  compare('comment', want.comment, entry.comment);
  compare('home', want.home, entry.home);
  compare('shell', want.shell, entry.shell);
  const moves = want.home !== undefined && want.home !== entry.home;
  if (want.create_home && !moves && !have.homeExists) {
    changes.push({ attribute: 'home', from: 'missing', to: entry.home });
  }
  if (setsPassword(want, have)) changes.push({ attribute: 'password', from: 'another', to: 'set' });
  if (want.password_lock !== undefined && want.password_lock !== have.locked) {
    changes.push({ attribute: 'password_lock', from: String(have.locked), to: String(want.password_lock) });
  }
  return [...changes, ...extraChanges(want, have.extras)];
}

function options(want: WantedUser, have: UserState): string {
  const fresh = !have.entry;
  const words: (string | undefined)[] = [];
  const add = (flag: string, value: string | number | undefined, old?: string | number) => {
    if (value !== undefined && value !== old) words.push(flag, quote(String(value)));
  };
  add('-u', want.uid, have.entry?.uid);
  add('-g', want.group ?? (fresh && have.ownGroup ? want.name : undefined), have.primaryGroup);
  const groups = wantedGroups(want, have);
  if (groups !== undefined) words.push('-G', quote(groups.join(',')));
  add('-c', want.comment, have.entry?.comment);
  add('-s', want.shell, have.entry?.shell);
  if (want.home !== undefined && want.home !== have.entry?.home) {
    words.push('-d', quote(want.home));
    if (!fresh && want.move_home) words.push('-m');
  }
  if (want.non_unique && want.uid !== undefined && want.uid !== have.entry?.uid) words.push('-o');
  if (want.seuser !== undefined && fresh) words.push('-Z', quote(want.seuser));
  if (fresh && want.create_home !== false && want.skeleton !== undefined)
    words.push('-k', quote(want.skeleton));
  if (fresh && want.umask !== undefined) words.push('-K', quote(`UMASK=${want.umask}`));
  if (fresh) words.push(want.create_home === false ? '-M' : '-m', want.system ? '-r' : undefined);
  return words.filter((word) => word !== undefined).join(' ');
}

// The skeleton as useradd would copy it, for an account that has no home yet.
function homeScript(home: string, name: string): string {
  return [
    `mkdir -p -m 0755 -- "$(dirname -- ${home})" && mkdir -m 0700 -- ${home} || exit 1`,
    `[ ! -d /etc/skel ] || cp -a /etc/skel/. ${home}/ || exit 1`,
    `chown -R "$(id -u -- ${name}):$(id -g -- ${name})" -- ${home} || exit 1`,
  ].join('\n');
}

/** sh code that makes, changes or removes the account; a password's hash goes over stdin. */
export function userScript(want: WantedUser, changes: readonly Change[], have: UserState): string {
  const name = quote(want.name);
  const lines = [systemPath];
  if (want.state === 'absent') {
    lines.push(`userdel${want.force ? ' -f' : ''}${want.remove ? ' -r' : ''} -- ${name}`);
    return lines.join('\n');
  }
  const words = options(want, have);
  if (!have.entry) lines.push(`useradd ${words} -- ${name} || exit 1`);
  else if (words !== '') lines.push(`usermod ${words} -- ${name} || exit 1`);
  if (have.entry && changes.some(({ attribute, from }) => attribute === 'home' && from === 'missing')) {
    lines.push(homeScript(quote(have.entry.home), name));
  }
  if (setsPassword(want, have) && want.password !== undefined) {
    lines.push(`printf '%s\\n' ${quote(`${want.name}:${want.password}`)} | chpasswd -e || exit 1`);
  }
  lines.push(...extraScript(want, changes));
  if (want.password_lock === true) lines.push(`usermod -L -- ${name} || exit 1`);
  if (want.password_lock === false && have.locked) lines.push(`usermod -U -- ${name} || exit 1`);
  return lines.join('\n');
}
