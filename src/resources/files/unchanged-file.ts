import { quote } from '../../shell/quote.ts';
import { sha256Of } from './content-sum.ts';

/** sh code that ends with 1 when a file is none of these contents: what somebody else wrote meanwhile is not overwritten. */
export function unchangedScript(path: string, contents: readonly Buffer[]): string {
  return [
    `case $(sha256sum <${quote(path)}) in ${contents.map((one) => `${sha256Of(one)}*`).join(' | ')}) ;; *)`,
    `  printf '%s was changed by someone else while it was edited; run again\\n' ${quote(path)} >&2; exit 1 ;;`,
    'esac',
  ].join('\n');
}
