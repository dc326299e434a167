import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { ServiceManager } from '../../../src/schedule/service-manager.ts';

// Knows which timers are enabled and active, and answers `show` from a file for each unit. The lab asks the real one.
const script = `#!/bin/sh
cd "$FAKE_SYSTEMD" || exit 9
printf '%s\\n' "$*" >>calls
if [ -e "fail.$1" ]; then cat "fail.$1" >&2; exit 1; fi
case $1 in
enable) touch "enabled.$2" ;;
disable) rm -f "enabled.$3" "active.$3" ;;
start|restart) touch "active.$2" ;;
daemon-reload) rm -f changed ;;
show)
  shift
  between=
  for unit in "$@"; do
    case $unit in -*) continue ;; esac
    printf '%s' "$between"
    between='
'
    if [ -e "show.$unit" ]; then cat "show.$unit"; continue; fi
    if [ -e "units/$unit" ]; then echo "FragmentPath=$PWD/units/$unit"; else echo FragmentPath=; fi
    if [ -e "enabled.$unit" ]; then echo UnitFileState=enabled; else echo UnitFileState=disabled; fi
    if [ -e "active.$unit" ]; then echo ActiveState=active; else echo ActiveState=inactive; fi
    if [ -e changed ]; then echo NeedDaemonReload=yes; else echo NeedDaemonReload=no; fi
  done ;;
esac
`;

/** A systemctl on PATH that runs nothing, and a folder for units, both gone when the test is over. */
export class FakeSystemd {
  readonly path = mkdtempSync(join(tmpdir(), 'provision-systemd-'));
  readonly units = join(this.path, 'units');
  readonly systemd = new ServiceManager({
    manager: 'system',
    folder: this.units,
    stateFolders: [join(this.path, 'state')],
    stampFolder: join(this.path, 'stamps'),
  });

  constructor() {
    const bin = join(this.path, 'bin');
    for (const folder of [bin, this.units, join(this.path, 'state'), join(this.path, 'stamps')])
      mkdirSync(folder);
    writeFileSync(join(bin, 'systemctl'), script);
    chmodSync(join(bin, 'systemctl'), 0o755);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    vi.stubEnv('FAKE_SYSTEMD', this.path);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  /** What was asked since the last time, without plain queries. */
  calls(): readonly string[] {
    const file = join(this.path, 'calls');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    rmSync(file);
    return lines.filter((line) => !line.startsWith('show'));
  }

  /** Writes a file below the fake's folder. */
  write(name: string, text: string): void {
    mkdirSync(join(this.path, name, '..'), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }
}
