import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { loggedCases, type Seen } from '../helpers/lab/journal-input-case.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import { RotationSender, shortly } from '../helpers/lab/rotation-sender.ts';
import { named, readEvents } from '../helpers/lab/run-events.ts';

const playbook = `
- hosts: all
  become: true
  vars: {log_server_name: logs.lab}
  tasks:
    - import_role: {name: rsyslog_common, tasks_from: install}
    - import_role: {name: rsyslog_client, tasks_from: journal}
`;

// What rules and templates see of each line; numbered lines go to where RotationSender looks for them.
const capture = `
template(name="seen" type="list" option.jsonf="on") {
  property(outname="facility" name="syslogfacility-text" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="pid" name="procid" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}
if $syslogtag startswith "numbered" then {
  action(type="omfile" file="/var/log/remote/h1/syslog.log" template="RSYSLOG_FileFormat")
} else {
  action(type="omfile" file="/var/log/seen.json" template="seen")
}
`;

// One datagram a line: the socket's name, and its bytes. @ stands for the time. Prints its own process number. journald reads two
// sockets, in whichever order it likes: each datagram is sent when the one before has been read (SIOCOUTQ, what is still queued).
const send = `
use Socket;
my %path = ('dev-log' => '/dev/log', journal => '/run/systemd/journal/socket');
my @month = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
while (<STDIN>) {
  my ($to, $hex) = split;
  my ($second, $minute, $hour, $day, $month) = localtime;
  my $time = sprintf '%s %2d %02d:%02d:%02d', $month[$month], $day, $hour, $minute, $second;
  (my $datagram = pack 'H*', $hex) =~ s/@/$time/;
  my $socket;
  socket($socket, PF_UNIX, SOCK_DGRAM, 0) && connect($socket, sockaddr_un($path{$to})) && send($socket, $datagram, 0) or die $!;
  for (my $left = pack 'i', 1; unpack 'i', $left;) {
    select undef, undef, undef, 0.002;
    ioctl($socket, 0x5411, $left) or die $!;
  }
}
print $$;
`;

const local =
  'syslog auth.log cron.log daemon.log kern.log lpr.log mail.log mail.err user.log debug messages'.split(' ');

/** What the host made of all cases. */
interface Logged {
  readonly seen: readonly Seen[];
  /** The lines of its own files, without time and host. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('the journal as input on %s', (base) => {
  let lab: Lab;
  let folder: PlaybookFolder;
  let before: string;
  let bySocket: Logged;

  beforeAll(async () => {
    lab = await Lab.up(1, base, 'journal');
    folder = await PlaybookFolder.open(lab, ['h1']);
    await folder.write('input.yml', playbook);
    await apply('socket');
    before = await lab.sh('h1', 'cat /etc/rsyslog.conf');
    await lab.sh('h1', 'cat >/etc/rsyslog.d/02-capture.conf && systemctl restart rsyslog', {
      input: capture,
    });
    bySocket = await logAll();
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  async function apply(input: 'journal' | 'socket'): Promise<readonly string[]> {
    const run = readEvents(await folder.apply('input.yml', '--json', '-e', `rsyslog_client_input=${input}`));
    expect(run).toExitWith(0);
    return named(run, 'changed');
  }

  /** Logs all cases, between two lines that are looked for. */
  async function logAll(): Promise<Logged> {
    const mark = (name: string) => ({ to: 'dev-log', datagram: Buffer.from(`<13>@ ${name}[1]: .`) });
    const cases = [mark('first-case'), ...loggedCases, mark('last-case')];
    const input = cases.map(({ to, datagram }) => `${to} ${datagram.toString('hex')}\n`).join('');
    await lab.sh(
      'h1',
      `cd /var/log && truncate -s 0 seen.json; cd /var/log && truncate -c -s 0 ${local.join(' ')}`,
    );
    await lab.sh('h1', 'cat >/root/send.pl', { input: send });
    const own = await lab.sh('h1', 'perl /root/send.pl', { input });
    await lab.sh('h1', `timeout 20 sh -c 'until grep -q last-case /var/log/seen.json; do sleep 0.1; done'`);
    const texts = (await lab.sh('h1', 'cat /var/log/seen.json')).split('\n').filter(Boolean);
    const lines = texts.map((line) => JSON.parse(line) as Seen);
    const place = (program: string) => lines.findIndex((line) => line.program === program);
    const seen = lines
      .slice(place('first-case') + 1, place('last-case'))
      .filter(({ program }) => !/^(systemd|rsyslogd)/.test(program))
      .map(({ pid, text, ...rest }) => ({
        ...rest,
        pid: pid === own ? 'own' : pid,
        // By the socket the space behind the tag belongs to the text; all of rsyslog's templates expect either.
        text: text.replace(/^ /, ''),
      }));
    const files = new Map<string, readonly string[]>();
    for (const file of local) {
      const { stdout } = await lab.exec('h1', `cat /var/log/${file}`);
      files.set(
        file,
        stdout.split('\n').map((line) => line.replace(/^\S+ h1 /, '').replace(`[${own}]`, '[own]')),
      );
    }
    return { seen, files };
  }

  /** Lines of the cases that both inputs are to show alike. */
  function alike({ files }: Logged): Readonly<Record<string, readonly string[]>> {
    const programs = loggedCases.flatMap(({ journal, socket }) => (journal ? [] : [`${socket.program}[`]));
    const ours = (line: string) =>
      programs.some((program) => line.replace('postfix/smtpd', 'postfix').startsWith(program));
    return Object.fromEntries([...files].map(([file, lines]) => [file, lines.filter(ours)]));
  }

  test('by the socket every kind of line is what the table says', () => {
    expect(bySocket.seen).toEqual(loggedCases.map(({ socket }) => socket));
  });

  test('a running client moves to the journal without losing or doubling a line', async () => {
    const sender = await RotationSender.start(lab, ['h1'], 'there');
    const changed = await apply('journal');
    expect(shortly(await sender.stop('h1'))).toEqual(['h1: 0 lost, 0 doubled, 0 never logged']);
    expect(changed).toContain('h1: Change the input of rsyslog');
    expect(await apply('journal')).toEqual([]);
  });

  test('by the journal every kind of line is the same, or what the table says', async () => {
    const byJournal = await logAll();
    expect(byJournal.seen).toEqual(loggedCases.map(({ socket, journal }) => ({ ...socket, ...journal })));
    const files = alike(byJournal);
    expect(files).toEqual(alike(bySocket));
    expect(files['auth.log']).toEqual(
      expect.arrayContaining([
        'facility-auth[21]: one',
        'facility-authpriv[21]: one',
        'native-facility[own]: text',
      ]),
    );
    expect(files.syslog).not.toContain('facility-auth[21]: one');
    expect(files.syslog).toContain('lines[9]: first#012second#012#011third');
  });

  test('what is logged while rsyslogd does not run waits in the journal', async () => {
    const sender = await RotationSender.start(lab, ['h1'], 'waits');
    const stops =
      'for _ in 1 2 3; do systemctl stop rsyslog; sleep 0.3; systemctl reset-failed rsyslog; systemctl start rsyslog; done';
    await lab.sh('h1', stops);
    expect(shortly(await sender.stop('h1'))).toEqual(['h1: 0 lost, 0 doubled, 0 never logged']);
  });

  // Slowly: what is forwarded to a socket is lost at any time when more lines wait in it than it holds.
  test('the way back neither loses nor doubles a line, and leaves the files as they were', async () => {
    const sender = await RotationSender.start(lab, ['h1'], 'back', 20);
    await apply('socket');
    expect(shortly(await sender.stop('h1'))).toEqual(['h1: 0 lost, 0 doubled, 0 never logged']);
    expect(await lab.sh('h1', 'cat /etc/rsyslog.conf')).toBe(before);
    const left =
      'ls /etc/systemd/journald.conf.d /etc/rsyslog.d/*.conf /var/spool/rsyslog | grep provision || true';
    expect(await lab.sh('h1', left)).toBe('');
    expect(await apply('socket')).toEqual([]);
  });
});
