const units: Readonly<Record<string, number>> = {
  b: 1,
  s: 512,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
  e: 2 ** 60,
};

/** A size of a logical volume as lvcreate takes it: with a sign it is added, in percent it is a share of something. */
export interface VolumeSize {
  readonly sign: '+' | '-' | '';
  /** Bytes; undefined for a share. */
  readonly bytes: number | undefined;
  readonly share: { readonly percent: number; readonly of: 'VG' | 'PVS' | 'FREE' | 'ORIGIN' } | undefined;
  /** As lvm is told: -L for bytes, -l for a share. */
  readonly option: '-L' | '-l';
  readonly text: string;
}

/** Reads `512`, `10g`, `+1G` or `80%VG`; undefined for anything else. Without a unit it is mebibytes. */
export function readVolumeSize(text: string): VolumeSize | undefined {
  const [, sign = '', percent, of] = /^([+-])?(\d+)%(VG|PVS|FREE|ORIGIN)$/i.exec(text) ?? [];
  if (percent !== undefined && of !== undefined) {
    const share = { percent: Number(percent), of: of.toUpperCase() as 'VG' };
    return { sign: sign as '', bytes: undefined, share, option: '-l', text: text.replace(/^[+-]/, '') };
  }
  const [, plus = '', number, unit = 'm'] = /^([+-])?(\d+(?:\.\d+)?)([bskmgtpe])?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  // Capitals are powers of ten to lvm.
  const decimal = /^[KMGTPE]$/.test(unit);
  const power = ['k', 'm', 'g', 't', 'p', 'e'].indexOf(unit.toLowerCase()) + 1;
  const factor = decimal ? 1000 ** power : (units[unit.toLowerCase()] ?? 1);
  return {
    sign: plus as '',
    bytes: Math.round(Number(number) * factor),
    share: undefined,
    option: '-L',
    text: `${number}${unit}`,
  };
}
