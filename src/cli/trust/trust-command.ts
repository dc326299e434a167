import { ProvisionError } from '../../errors/problem.ts';
import { wrapWords } from '../../report/fitted-text.ts';
import { byName, counted } from '../../report/host-list.ts';
import { jsonText } from '../../report/json-text.ts';
import { writeLines } from '../../report/screen.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { HostKeyOffer } from '../../transport/host-keys/new-host-key.ts';
import { loadFor } from '../loaded-playbook.ts';
import { reportProblems } from '../problem-output.ts';
import { askLine, PromptInterrupted } from '../secret-prompt.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import type { Tool } from '../tool.ts';
import { type KeyLook, lookAtKeys } from './host-key-look.ts';
import type { TrustOptions } from './trust-options.ts';

// Behind a jump host that is new other hosts may be: each look may find more.
const mostLooks = 5;

/** A new key, and the hosts that it was met for: several where it is that of a jump host. */
interface NewKey {
  readonly offer: HostKeyOffer;
  readonly hosts: readonly string[];
}

/** `provision trust`: shows the keys of new hosts, records those that the person accepts; returns the exit code. */
export async function trust(file: string, options: TrustOptions, tool: Tool): Promise<number> {
  const terminal = openTerminal(options.color);
  const playbook = await loadFor(file, options, tool, terminal);
  if (!playbook) return 1;
  const hosts = [...new Set(playbook.plays.flatMap((play) => play.hosts))]
    .filter((host) => playbook.limited.has(host))
    .toSorted(byName);
  const ways = {
    connectTimeout: options.connectTimeout * 1000,
    ...(options.sshConfig !== undefined && { sshConfigFile: options.sshConfig }),
  };
  const declined = new Set<string>();
  let recorded = 0;
  try {
    for (let round = 1; ; round++) {
      const looks = await lookAtKeys(playbook, hosts, ways);
      const open = newKeys(looks).filter(({ offer }) => !declined.has(offer.fingerprint));
      if (open.length === 0 || round > mostLooks) return finish(looks, recorded, options, terminal);
      for (const key of open) {
        if (await isAccepted(key, options, terminal)) {
          key.offer.record();
          recorded++;
        } else declined.add(key.offer.fingerprint);
      }
    }
  } catch (error) {
    if (error instanceof PromptInterrupted) return 130;
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: file, version: tool.version, json: options.json === true }, terminal);
    return 1;
  }
}

function newKeys(looks: ReadonlyMap<string, KeyLook>): readonly NewKey[] {
  const all = [...looks].flatMap(([host, look]) =>
    look.kind === 'new' ? [{ host, offer: look.offer }] : [],
  );
  return [...Map.groupBy(all, ({ offer }) => `${offer.name} ${offer.fingerprint}`).values()].flatMap(
    (same) => (same[0] ? [{ offer: same[0].offer, hosts: same.map(({ host }) => host) }] : []),
  );
}

async function isAccepted(
  { offer, hosts }: NewKey,
  options: TrustOptions,
  { stderr }: Terminal,
): Promise<boolean> {
  const { name, type, fingerprint, file } = offer;
  if (options.accept || options.json)
    return options.accept?.includes(fingerprint) === true && file !== undefined;
  writeLines(stderr, [
    stderr.paint('bold', visibleText(hosts.join(', '))),
    `  ${visibleText(name)} shows a key that is not known:`,
    `  ${visibleText(type)} ${stderr.paint('yellow', fingerprint)}`,
    `  compare it on the host's own console: ssh-keygen -lf /etc/ssh/ssh_host_${shortType(type)}_key.pub`,
  ]);
  if (file === undefined) {
    writeLines(stderr, ['  UserKnownHostsFile keeps no keys for this host: name a file there first']);
    return false;
  }
  const answer = await askLine(`  Is it the same? It is written into ${file} then. [yes/no] `, 'trust');
  return /^(?:y|yes)$/i.test(answer?.trim() ?? '');
}

function shortType(type: string): string {
  return /^ecdsa-/.test(type) ? 'ecdsa' : type.replace(/^ssh-/, '').replace(/[^a-z0-9]/g, '');
}

function finish(
  looks: ReadonlyMap<string, KeyLook>,
  recorded: number,
  { json = false }: TrustOptions,
  { stdout }: Terminal,
): number {
  const of = (kind: KeyLook['kind']): number =>
    [...looks.values()].filter((look) => look.kind === kind).length;
  const wrong = of('new') + of('refused');
  const exitCode = wrong > 0 ? 2 : of('unreachable') > 0 ? 4 : 0;
  if (json) {
    const hosts = [...looks].map(([host, look]) => ({ host, ...plain(look) }));
    writeLines(stdout, [jsonText({ type: 'trust', format: 1, hosts, recorded, exitCode }, 2)]);
    return exitCode;
  }
  const { paint, width } = stdout;
  const lines = [...looks].flatMap(([host, look]) => {
    if (look.kind === 'known') return [];
    const message =
      look.kind === 'new'
        ? `its key is not known: ${look.offer.type} ${look.offer.fingerprint}`
        : look.message;
    const hint = look.kind === 'new' ? undefined : look.hint;
    const [first = '', ...rest] = wrapWords(visibleText(`${host}: ${message}`), width - 2);
    const next = hint === undefined ? [] : wrapWords(`next: ${visibleText(hint)}`, width - 4);
    return [paint('red', first), ...[...rest, ...next].map((line) => `  ${line}`)];
  });
  const parts = [
    `${of('known')} of ${counted(looks.size, 'host key')} known`,
    ...(recorded > 0 ? [`${recorded} recorded now`] : []),
    ...(wrong > 0 ? [`${wrong} not to be trusted`] : []),
    ...(of('unreachable') > 0 ? [`${of('unreachable')} unreachable`] : []),
  ];
  writeLines(stdout, [...lines, parts.join('; ')]);
  return exitCode;
}

function plain(look: KeyLook): object {
  if (look.kind !== 'new') return look;
  const { name, type, fingerprint } = look.offer;
  return { kind: look.kind, name, type, fingerprint };
}
