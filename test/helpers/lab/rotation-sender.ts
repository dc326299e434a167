import type { Lab } from './lab.ts';

/** What became of the numbered lines of one host. */
export interface Tally {
  readonly host: string;
  readonly sent: number;
  /** Numbers that the host's own journal does not hold: the sender's fault, not the way's. */
  readonly unlogged: readonly number[];
  readonly lost: readonly number[];
  readonly doubled: readonly number[];
}

// Feeds one `logger` with numbered lines at an even pace, over a pause of the machine too, until a file asks it to end.
const feeder = `
my ($name, $rate) = @ARGV;
sub seconds { open my $clock, '<', '/proc/uptime'; (split ' ', <$clock>)[0] }
my ($begun, $sent) = (seconds(), 0);
$| = 1;
until (-e "/run/$name.stop") {
  my $due = int((seconds() - $begun) * $rate);
  printf "%s %d.\\n", $name, ++$sent while $sent < $due;
  select undef, undef, undef, 1 / $rate;
}
open my $total, '>', "/run/$name.sent" or die;
print $total $sent;
`;

/** Hosts that log numbered lines, each through one \`logger\`, from a start to an end. */
export class RotationSender {
  readonly #lab: Lab;
  readonly #hosts: readonly string[];
  readonly #name: string;

  private constructor(lab: Lab, hosts: readonly string[], name: string) {
    this.#lab = lab;
    this.#hosts = hosts;
    this.#name = name;
  }

  /** Begins; \`name\` is a word that no other sender of this lab has, \`rate\` counts lines a second. */
  static async start(lab: Lab, hosts: readonly string[], name: string, rate = 200): Promise<RotationSender> {
    const sender = new RotationSender(lab, hosts, name);
    // In a file: systemd-run would put its own values for what looks like a variable.
    const pipe = `perl /run/${name}.pl ${name} ${rate} | logger -t numbered -p local1.info`;
    const begin = `cat >/run/${name}.pl && date +%s >/run/${name}.begun && systemd-run -q --collect --unit=${name} sh -c '${pipe}'`;
    await sender.#each((host) => lab.sh(host, begin, { input: feeder }));
    return sender;
  }

  /**
   * Ends, waits until the server's files do not grow any more, and counts.
   * @param beside a file of the server into which lines of all hosts went before
   */
  async stop(server: string, beside?: string): Promise<readonly Tally[]> {
    const name = this.#name;
    const sent = await this.#each(async (host) => {
      const end = `touch /run/${name}.stop; while systemctl -q is-active ${name}; do sleep 0.05; done`;
      return Number(await this.#lab.sh(host, `${end}; journalctl --sync; cat /run/${name}.sent`));
    });
    const total = sent.reduce((sum, count) => sum + count, 0);
    const stored = await this.#settled(server, total, beside);
    return await this.#each(async (host, index) => {
      // Not from its beginning: what other senders logged before costs a second by and by.
      const since = `--since "@$(cat /run/${name}.begun)"`;
      const journal = await this.#lab.sh(
        host,
        `journalctl -q -o cat -t numbered ${since} | grep '^${name} '`,
      );
      const logged = counts(journal.split('\n'), name);
      const arrived = counts(stored.get(host) ?? [], name);
      const numbers = Array.from({ length: sent[index] ?? 0 }, (_, n) => n + 1);
      return {
        host,
        sent: numbers.length,
        unlogged: numbers.filter((number) => logged.get(number) !== 1),
        lost: numbers.filter((number) => !arrived.has(number)),
        doubled: numbers.filter((number) => (arrived.get(number) ?? 0) > 1),
      };
    });
  }

  // The stored lines by host, when as many as were sent are there, or none came for three seconds.
  async #settled(
    server: string,
    total: number,
    beside: string | undefined,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const line = `${this.#name} [0-9]*\\.`;
    const old = `grep -ao '[^ ]* numbered[^ ]* ${line}' ${beside} | sed 's# numbered[^ ]* #/before:#';`;
    const look = `${beside === undefined ? '' : old} cd /var/log/remote && grep -aoH '${line}' */syslog.log || true`;
    let before = -1;
    for (let quiet = 0; quiet < 6; quiet++) {
      const lines = (await this.#lab.sh(server, look)).split('\n').filter(Boolean);
      if (lines.length !== before) quiet = 0;
      before = lines.length;
      const enough = quiet > 1 && lines.length >= total;
      if (enough || quiet === 5) return Map.groupBy(lines, (line) => line.slice(0, line.indexOf('/')));
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    throw new Error('not reached');
  }

  #each<Result>(work: (host: string, index: number) => Promise<Result>): Promise<Result[]> {
    return Promise.all(this.#hosts.map(work));
  }
}

// How often each number is in the lines: a cut line is none.
function counts(lines: readonly string[], name: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const line of lines) {
    const number = new RegExp(`${name} (\\d+)\\.`).exec(line)?.[1];
    if (number !== undefined) found.set(Number(number), (found.get(Number(number)) ?? 0) + 1);
  }
  return found;
}

// `3 lost (17-19)`: where they lie shows which restart it was.
function linesText(numbers: readonly number[], what: string): string {
  const place = numbers.length > 0 ? ` (${numbers[0]}-${numbers.at(-1)})` : '';
  return `${numbers.length} ${what}${place}`;
}

/** What a test compares: how many were lost, doubled and never logged, by host. */
export function shortly(tallies: readonly Tally[]): readonly string[] {
  return tallies.map(
    ({ host, lost, doubled, unlogged }) =>
      `${host}: ${linesText(lost, 'lost')}, ${linesText(doubled, 'doubled')}, ${linesText(unlogged, 'never logged')}`,
  );
}
