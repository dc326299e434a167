import type { KnownPackage } from '../../probes/package.ts';
import type { Change } from '../resource.ts';
import { type AptName, versionFits } from './apt-name.ts';
import {
  listsAreStale,
  type PackageState,
  simulation,
  upgradesAll,
  type WantedPackages,
  wantedNames,
} from './apt-state.ts';

function knownAs({ name, architecture }: AptName, { known }: PackageState): KnownPackage | undefined {
  const fitting = known.filter(
    (one) => one.name === name && (architecture === undefined || one.architecture === architecture),
  );
  return fitting.find(({ status }) => status === 'installed') ?? fitting[0];
}

function nameChange(want: WantedPackages, name: AptName, have: PackageState): Change | undefined {
  const known = knownAs(name, have);
  const installed = known?.status === 'installed' ? known.version : undefined;
  const provided = name.version === undefined && have.provided.has(name.name);
  const change = (from: string | undefined, to: string): Change => ({
    attribute: `package ${name.architecture ? `${name.name}:${name.architecture}` : name.name}`,
    from: from ?? (known && known.status !== 'not-installed' ? known.status : 'absent'),
    to,
  });
  if (want.state === 'absent') {
    const left =
      known !== undefined &&
      known.status !== 'not-installed' &&
      (want.purge || known.status !== 'config-files');
    return left ? change(installed, want.purge ? 'purged' : 'absent') : undefined;
  }
  if (installed === undefined) {
    if (provided || want.only_upgrade) return undefined;
    return change(undefined, name.version ?? 'installed');
  }
  if (!versionFits(name.version, installed)) return change(installed, name.version ?? '');
  if (want.state === 'latest' && name.version === undefined) {
    const asked = name.architecture ? `${name.name}:${name.architecture}` : name.name;
    const candidate = have.candidates.get(asked) ?? have.candidates.get(name.name);
    if (candidate !== undefined && candidate !== '(none)' && candidate !== installed)
      return change(installed, candidate);
  }
  return undefined;
}

function simulatedChange(line: string): Change {
  const [, verb, name = '', old, fresh] = /^(\S+) (\S+)(?: \[([^\]]+)\])?(?: \((\S+))?/.exec(line) ?? [];
  if (verb === 'Inst')
    return { attribute: `package ${name}`, from: old ?? 'absent', to: fresh ?? 'installed' };
  if (verb === 'Del')
    return { attribute: `package file ${name}`, from: fresh ?? old ?? 'there', to: 'absent' };
  return {
    attribute: `package ${name}`,
    from: old ?? 'installed',
    to: verb === 'Purg' ? 'purged' : 'absent',
  };
}

/** How the packages differ, and whether the lists are fetched for their own sake. */
export function packageChanges(want: WantedPackages, have: PackageState): readonly Change[] {
  const changes: Change[] = [];
  const names = wantedNames(want);
  const forTheirSake =
    (names.length === 0 && want.deb === undefined) ||
    want.state === 'latest' ||
    simulation(want) !== undefined;
  if (forTheirSake && listsAreStale(want, have)) {
    const age = have.listsAge === undefined ? 'never fetched' : `fetched ${have.listsAge} s ago`;
    changes.push({ attribute: 'package lists', from: age, to: 'fetched' });
  }
  for (const name of names) {
    const change = nameChange(want, name, have);
    if (change) changes.push(change);
  }
  if (have.file) {
    const known = have.known.find(
      ({ name, architecture }) => name === have.file?.name && architecture === have.file.architecture,
    );
    const installed = known?.status === 'installed' ? known.version : undefined;
    if (installed !== have.file.version) {
      changes.push({
        attribute: `package ${have.file.name}`,
        from: installed ?? 'absent',
        to: have.file.version,
      });
    }
  }
  if (have.files) changes.push({ attribute: 'package files', from: String(have.files), to: 'none' });
  return [...changes, ...have.simulated.map(simulatedChange)];
}

/** Why nothing can be done about the packages. */
export function refusePackages(want: WantedPackages, have: PackageState): readonly string[] {
  if (!have.apt) {
    return [
      `the host has no apt, but ${have.other ?? 'no package manager that is known here'}; use ${have.other === undefined ? 'command' : '`package`'}, or a \`when\``,
    ];
  }
  if (have.powerless && packageChanges(want, have).length > 0)
    return ['only root can install, upgrade or remove packages; add `become: true`'];
  if (upgradesAll(want) && wantedNames(want).length > 0)
    return [
      "'*' with `state: latest` upgrades all packages: those that are to be installed need a task of their own",
    ];
  if (want.deb !== undefined && have.file === undefined) return [`${want.deb} does not exist on the host`];
  return [];
}
