import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Json } from '../resource.ts';

const said = 'provision_backup=';

/** sh code that keeps a copy of a file beside it and prints where; nothing when the file is not there. */
export function backupScript(path: string): string {
  const target = quote(path);
  return [
    `if [ -e ${target} ]; then`,
    `  provision_copy=${target}.$$.$(date +%Y-%m-%d@%H:%M:%S)~`,
    // In a directory of others a link may lie there already: it is not written through.
    `  cp -aT --remove-destination -- ${target} "$provision_copy" || exit 1`,
    `  printf '${said}%s\\n' "$provision_copy"`,
    'fi',
  ].join('\n');
}

/** Where the backup went, as `register` sees it. */
export function backupResult(outputs: readonly ScriptOutput[]): { readonly [key: string]: Json } {
  for (const { stdout } of outputs) {
    const line = stdout.split('\n').find((one) => one.startsWith(said));
    if (line) return { backup_file: line.slice(said.length) };
  }
  return {};
}
