import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importantLines } from '../../src/domains/tls-logs/resources/restarts/journal.ts';
import { Authority } from '../helpers/lab/authority.ts';
import { bases } from '../helpers/lab/bases.ts';
import { documentedSettings } from '../helpers/lab/documented-settings.ts';
import { type Base, Lab, serverPackages } from '../helpers/lab/lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';

let lab: Lab;
let folder: string;

const hosts = (server: string, clients: string, more: string) => `all:
  vars: {log_topology: private, log_ca_directory: FOLDER/ca, log_driver: gtls, ${more}}
  children:
    log_server: {hosts: {${server}: }}
    log_clients: {hosts: {${clients}}}
    others: {hosts: {h1: , h3: }}
`;

// h1 is the log server of h2. h3 is another one, set up by itself.
const inventories: Readonly<Record<string, string>> = {
  first: hosts('h1', 'h2: ', 'log_server_name: logs.lab'),
  second: hosts('h3', '', 'log_server_name: h3.lab, rsyslog_server_permitted_peers: [h1, h2, logs.lab]'),
};

/** Runs home-lab.yml. */
function run(
  command: string,
  inventory: string,
  settings: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  return runPlaybook('home-lab', command, inventory, settings, ...options);
}

async function runPlaybook(
  playbook: string,
  command: string,
  inventory: string,
  settings: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  const vars = join(folder, 'settings.yml');
  await writeFile(vars, settings || '{}');
  const words = [`playbooks/${playbook}.yml`, '-i', join(folder, `${inventory}.yml`), '-e', `@${vars}`];
  return await lab.provision([command, ...words, ...options]);
}

async function apply(settings: string, inventory = 'first'): Promise<string> {
  const { code, stdout, stderr } = await run('apply', inventory, settings);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

/** What was set up is what is wanted: the next plan has nothing to change. */
async function settles(settings: string): Promise<void> {
  const plan = await run('plan', 'first', settings);
  expect(plan.stdout, plan.stdout + plan.stderr).toContain('Plan: 0 to change');
}

/** Lines of a host that a log server has stored, each as what follows the tag; waits until there are so many, and this one among them. */
async function stored(server: string, tag: string, count: number, one = ''): Promise<readonly string[]> {
  const read = `cat /var/log/remote/h2/syslog.log 2>/dev/null | sed -n 's/^[^ ]* h2 ${tag}[^ ]*: *//p'`;
  const missing = one === '' ? '' : `|| ! ${read} | grep -qx ${one}`;
  const wait = `for n in $(seq 150); do { [ "$(${read} | wc -l)" -lt ${count} ] ${missing}; } || break; sleep 0.1; done`;
  return (await lab.sh(server, `${wait}; ${read}`)).trim().split('\n');
}

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index));

/** What was on its way when a connection ended comes once more, behind what came meanwhile. */
const inOrder = (lines: readonly string[]) => lines.toSorted((one, other) => Number(one) - Number(other));

/** Sends numbered lines, some 200 a second. */
const send = (tag: string, first: number, last: number) =>
  lab.sh('h2', `seq ${first} ${last} | while read -r n; do echo "$n"; sleep 0.004; done | logger -t ${tag}`);

/** Lines that may vanish with a connection whose other end is gone: the first is answered by a reset, and none is sent into it any more. */
const wake = () => lab.sh('h2', 'for n in 1 2 3; do logger -t wake $n; sleep 0.4; done');

async function open(base: Base, packages: readonly string[] = []): Promise<void> {
  lab = await Lab.up(3, base, `logvars${base}`, packages);
  folder = await mkdtemp(join(tmpdir(), 'log-variables-'));
  for (const [name, text] of Object.entries(inventories))
    await writeFile(join(folder, `${name}.yml`), text.replace('FOLDER', folder));
}
async function close(): Promise<void> {
  await lab?.down();
  if (folder) await rm(folder, { recursive: true, force: true });
}

const otherServer = { 'log2.example.com': 'h3.lab', logs2: 'h3' };

describe.each(bases('bookworm'))('variables of the log roles on %s', (base) => {
  beforeAll(async () => {
    await open(base, serverPackages);
    await apply('');
    await apply('', 'second');
  });
  afterAll(close);

  test('several log servers: each gets every line, a line is proven at each, and the queue says who is missing', async () => {
    const settings = `${documentedSettings('Several log servers', otherServer)}\nrsyslog_client_resume_interval: 1\nrsyslog_client_statistics: true\n`;
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived .* served certificate = deployed certificate/);
    expect(shown).toMatch(/h2 -> h3: arrived/);
    await settles(settings);
    await lab.sh('h3', 'systemctl stop rsyslog syslog.socket');
    await wake();
    await send('both', 1, 300);
    expect(await stored('h1', 'both', 300)).toEqual(numbers(1, 300));
    await lab.sh('h2', 'systemctl restart rsyslog');
    expect(await lab.sh('h2', 'cd /var/spool/rsyslog; ls')).toMatch(/^to_h3\.lab\.0+1$/m);
    const verified = await run('verify', 'first', `${settings}\nlog_verify_timeout: 3\n`);
    expect(verified).toExitWith(2);
    expect(verified.stdout).toMatch(/^ok {6}h2 -> h1: arrived/m);
    expect(verified.stdout).toMatch(/^FAILED {2}h2 -> h3: the line did not arrive within 3 s/m);
    await lab.sh('h3', 'systemctl start rsyslog');
    const late = await stored('h3', 'both', 299);
    expect(late.length).toBeGreaterThan(297);
    expect(numbers(1, 300)).toEqual(expect.arrayContaining([...late]));
  });

  test('failover: the second gets what the first cannot, and the first gets them again when it is back', async () => {
    const settings = `${documentedSettings('Several log servers', otherServer).replace('order: all', 'order: failover')}
rsyslog_client_resume_interval: 1
`;
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived/);
    expect(shown).not.toContain('h2 -> h3:');
    await settles(settings);
    const before = (await stored('h3', 'turn', 0)).filter(Boolean);
    expect(before).toEqual([]);
    await send('turn', 1, 100);
    expect(await stored('h1', 'turn', 100)).toEqual(numbers(1, 100));
    await lab.sh('h1', 'systemctl stop rsyslog syslog.socket');
    await wake();
    await send('turn', 101, 400);
    // What was on its way when the first died is lost, over TCP.
    const taken = await stored('h3', 'turn', 290, '400');
    expect(taken.length).toBeGreaterThan(290);
    expect(taken.at(-1)).toBe('400');
    await lab.sh('h1', 'systemctl start rsyslog; sleep 3');
    await send('turn', 401, 500);
    const back = await stored('h1', 'turn', 195, '500');
    expect(back.at(-1)).toBe('500');
    const all = new Set([...back, ...(await stored('h3', 'turn', taken.length))]);
    expect(all.size).toBeGreaterThan(490);
  });

  test('only some facilities are sent and proven, and no more than so many lines', async () => {
    const settings = documentedSettings('Only some facilities, and no more than so many', {
      'rsyslog_client_rate_lines: 5000': 'rsyslog_client_rate_lines: 100',
    });
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived/);
    await settles(settings);
    await lab.sh(
      'h2',
      `for one in auth.info authpriv.debug local3.warning local3.notice user.err; do logger -t some -p $one $one; done
      seq 1 500 | logger -t rated -p auth.info`,
    );
    const some = await stored('h1', 'some', 3);
    expect(some).toEqual(['auth.info', 'authpriv.debug', 'local3.warning']);
    const rated = await stored('h1', 'rated', 50);
    expect(rated.length).toBeLessThan(101);
    expect(rated[0]).toBe('1');
  });

  test('the log server takes no more than so many lines, of all clients together', async () => {
    await apply('{rsyslog_server_rate_seconds: 60, rsyslog_server_rate_lines: 50}');
    await lab.sh('h2', 'seq 1 500 | logger -t flood');
    const flood = await stored('h1', 'flood', 20);
    expect(flood.length).toBeLessThan(51);
    expect(flood[0]).toBe('1');
  });

  test('files of programs: rotated, truncated and new ones, with tag and facility, and messages of several lines', async () => {
    const settings = documentedSettings('Files of programs');
    await lab.sh('h2', 'mkdir -p /var/log/shop /srv/java');
    await apply(settings);
    await settles(settings);
    await lab.sh(
      'h2',
      `cd /var/log/shop; for n in $(seq 300); do echo "$n" >>a.log; sleep 0.005
        case $n in 100) mv a.log a.log.1 ;; 200) sleep 1; cp a.log a.log.2; : >a.log; sleep 1 ;; esac; done
      echo new >b.log
      printf '[1] one "quoted"\\n at a\\n at b\\n[2] two\\n at c\\n' >>/srv/java/app.log`,
    );
    const shop = await stored('h1', 'shop', 301);
    expect(shop).toEqual([...numbers(1, 300), 'new']);
    expect(await stored('h1', 'java', 2)).toEqual(['[1] one "quoted"\\n at a\\n at b', '[2] two\\n at c']);
    expect(await lab.sh('h2', "grep -c ' shop: ' /var/log/syslog || :")).toBe('0\n');
    // What waits of files stands in no journal: by this is it known among what waits (catch-up.sh).
    await lab.sh('h1', 'systemctl stop syslog.socket rsyslog');
    await wake();
    await lab.sh('h2', 'echo waited >>/var/log/shop/b.log; sleep 2; systemctl restart rsyslog');
    const waits =
      'cd /var/spool/rsyslog; grep -ahE "^[+]pszInputName:[0-9:]*:im(file|journal):" provision_forward.0* | sort -u';
    expect(await lab.sh('h2', waits)).toMatch(
      /^\+pszInputName:[0-9:]+:imfile:\n\+pszInputName:[0-9:]+:imjournal:\n$/,
    );
    await lab.sh('h1', 'systemctl start rsyslog');
    await apply(`${settings}\nlog_server_format: rfc5424\n`);
    await lab.sh('h2', 'echo priority >>/var/log/shop/b.log');
    const line = `timeout 20 sh -c 'until grep -hE " priority$" /var/log/remote/h2/syslog.log; do sleep 0.1; done'`;
    expect(await lab.sh('h1', line)).toMatch(/^<172>1 \S+ h2 shop - - - +priority$/m);
  });

  test('a relay sends on over TLS what it gets and what it logs itself, and keeps it while the next server is away', async () => {
    const settings = documentedSettings('Relay: a server that sends on', {
      'central.example.com': 'h3.lab',
      'host: central': 'host: h3',
    });
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived/);
    expect(shown).toMatch(/h2 -> h3: arrived/);
    await settles(settings);
    await lab.sh('h3', 'systemctl stop rsyslog syslog.socket');
    await wake();
    await send('on', 1, 200);
    expect(await stored('h1', 'on', 200)).toEqual(numbers(1, 200));
    await lab.sh('h1', 'logger -t own here; systemctl restart rsyslog; ls /var/spool/rsyslog/to_h3.lab.0*1');
    await lab.sh('h3', 'systemctl start rsyslog');
    const late = await stored('h3', 'on', 199);
    expect(late.length).toBeGreaterThan(197);
    expect(numbers(1, 200)).toEqual(expect.arrayContaining([...late]));
    expect(await lab.sh('h3', 'grep " own: here" /var/log/remote/h1/syslog.log')).toContain(' h1 own: here');
    const round = await run('plan', 'first', `${settings}\nlog_client_group: others\n`);
    expect(round).toExitWith(1);
    expect(round.stdout + round.stderr).toContain('sends lines round in a circle: h1 -> h3 -> h1');
  });

  // Who is shut out gets no answer at all, so a shorter time tells as much.
  const reaches = async (host: string, seconds = 5) =>
    (await lab.exec(host, `timeout ${seconds} bash -c "</dev/tcp/198.18.0.1/6514"`)).code === 0;
  const both = () => Promise.all([reaches('h2'), reaches('h3', 1)]);

  test('a firewall of nftables: only the clients reach the port, also when others flush their tables, until the variable goes', async () => {
    const settings = 'rsyslog_server_firewall: true\n';
    await apply(settings);
    await settles(settings);
    expect(await both()).toEqual([true, false]);
    for (const action of ['restart', 'reload']) {
      const back = 'for n in $(seq 50); do ! nft list table inet provision_log || break; sleep 0.1; done';
      await lab.sh('h1', `systemctl ${action} nftables; ${back}`);
      expect(await both()).toEqual([true, false]);
    }
    await lab.sh('h1', 'nft flush ruleset');
    expect(await reaches('h3')).toBe(true);
    await apply(settings);
    expect(await reaches('h3', 1)).toBe(false);
    await apply('');
    expect(await reaches('h3')).toBe(true);
    await lab.sh(
      'h1',
      '! nft list table inet provision_log 2>/dev/null; [ ! -e /etc/provision/log-senders.nft ]',
    );
    await settles('');
  });

  test('a list of senders, by ufw where that is active, and by rsyslogd', async () => {
    await lab.sh('h1', 'apt-get -qq -y install ufw >/dev/null; ufw allow 22/tcp; ufw --force enable');
    const settings = documentedSettings('Who reaches the port: addresses and a firewall');
    await apply(settings);
    await settles(settings);
    expect(await lab.sh('h1', 'ufw show added')).toContain(
      "ufw allow from 198.18.0.0/30 to any port 6514 proto tcp comment 'provision log server'\n",
    );
    expect(await reaches('h2')).toBe(true);
    // h3 is in that network: another one is taken.
    const fewer = settings.replace('198.18.0.0/30', '198.18.0.2');
    await apply(fewer);
    expect(await both()).toEqual([true, false]);
    await lab.sh('h1', 'ufw --force disable');
    await apply(fewer.replace('true', 'false'));
    expect(await lab.sh('h1', 'ufw show added')).not.toContain('provision');
    expect(await reaches('h3')).toBe(true);
    // It stays a moment: of one that is gone at once rsyslogd says that its handshake failed.
    await lab.sh('h3', 'timeout 5 bash -c "exec 3<>/dev/tcp/198.18.0.1/6514; sleep 2" || :');
    expect(await lab.sh('h1', 'sleep 1; journalctl -q -u rsyslog --since=-20s')).toMatch(
      /connection request from disallowed sender h3\.lab discarded/,
    );
    expect(await lab.sh('h1', importantLines('rsyslog', 30))).toContain(
      "  that is: the sender's address is on no list of allowed senders of the log server\n",
    );
    const excluded = await run('apply', 'first', 'rsyslog_server_senders: [10.0.0.0/8]\n');
    expect(excluded).toExitWith(2);
    expect((excluded.stdout + excluded.stderr).replace(/\s+/g, ' ')).toContain(
      'rsyslog_server_senders leaves out clients of this log: h2 (198.18.0.2',
    );
  });

  test('behind nginx: certificates are asked for as ever, and neither the change nor a renewal by reload loses a line', async () => {
    await apply('');
    const settings = documentedSettings('Behind nginx');
    const plain = await lab.sh('h1', 'apt-get install -y -qq tcpdump >/dev/null; pidof rsyslogd');
    const sending = send('proxied', 1, 2000);
    await apply(settings);
    const renew = ['ca', 'renew', 'logs.lab', '--directory', join(folder, 'ca')];
    expect(await lab.provision(renew)).toExitWith(0);
    const restarted = await lab.sh('h1', 'pidof rsyslogd');
    expect(restarted).not.toBe(plain);
    const renewed = await run('apply', 'first', settings);
    expect(renewed).toExitWith(0);
    expect(renewed.stderr).toMatch(
      /^ {2}changed {3}nginx reads a renewed certificate, and ends no connection +h1$/m,
    );
    expect(await lab.sh('h1', 'pidof rsyslogd; pgrep -fc "nginx: worker process is shutting down"')).toMatch(
      new RegExp(`^${restarted}[1-9]`),
    );
    await sending;
    expect(inOrder(await stored('h1', 'proxied', 2000))).toEqual(numbers(1, 2000));
    // Nothing waits unread at the client: it would cut off its last lines when the client closes the connection.
    const waiting =
      "ss -Htn state established '( dport = :6514 )' | sed 's/^ *\\([0-9]*\\) .*/\\1/' | sort -u";
    expect(await lab.sh('h2', waiting)).toBe('0\n');
    await settles(settings);

    const wire = await run('verify', 'first', settings, '--wire');
    expect(wire).toExitWith(0);
    expect(wire.stdout).toMatch(
      /not readable on the wire: tcpdump on h1 saw .*; in the clear only within h1, on loopback$/m,
    );

    // Nobody gets a line through without a certificate, or with one of the same CA whose name is not permitted; h2 does.
    const own = '/etc/rsyslog.d/provision-tls/own/current';
    const shows = `-cert ${own}/fullchain.pem -key ${own}/privkey.pem`;
    const say = (host: string, word: string, options: string) =>
      lab.exec(
        host,
        `printf '<13>Nov 28 14:00:00 h2 by-hand: %s\\n' ${word} | timeout 2 openssl s_client -quiet -connect logs.lab:6514 ${options} 2>&1`,
      );
    await say('h3', 'stranger', '');
    await say('h3', 'unnamed', shows);
    await say('h2', 'permitted', shows);
    expect(await stored('h1', 'by-hand', 1)).toEqual(['permitted']);
    expect(await lab.sh('h1', 'cat /var/log/nginx/provision-log.log')).toMatch(
      / 198\.18\.0\.2 "CN=h2" 200 \d+ bytes /,
    );

    // What rsyslogd makes of a header of the PROXY protocol.
    const header = 'PROXY TCP4 198.18.0.2 198.18.0.1 4711 6514';
    await lab.sh('h1', `bash -c "printf '${header}\\r\\n' >/dev/tcp/127.0.0.1/10514"`);
    const look =
      'for n in $(seq 100); do [ ! -s /var/log/remote/PROXY/syslog.log ] || break; sleep 0.1; done; cat /var/log/remote/PROXY/syslog.log';
    expect(await lab.sh('h1', look)).toContain(' PROXY TCP4 198.18.0.2 ');

    // What follows has the clients look for a server that was away each second.
    const settled = 'rsyslog_client_resume_interval: 1\n';
    const back = send('direct', 1, 1000);
    await apply(settled);
    await back;
    expect(inOrder(await stored('h1', 'direct', 1000))).toEqual(numbers(1, 1000));
    await settles(settled);
  });

  test('received lines in an encrypted directory: rsyslogd waits for it, also at a boot, and never writes beside it', async () => {
    const passphrase = 'it is "open sesame"';
    const more = `log_store_passphrase: '${passphrase}'\n`;
    const store = (command: string, settings = more) =>
      runPlaybook('encrypted-log-store', command, 'first', settings);
    // FUSE is a device that a container does not have by itself.
    await lab.sh('h1', 'mknod -m 666 /dev/fuse c 10 229');
    const refused = await store('apply');
    expect(refused).toExitWith(2);
    const hint = 'mv /var/log/remote /var/log/remote.clear';
    expect((refused.stdout + refused.stderr).replace(/\s+/g, ' ')).toContain(
      `in the clear: with rsyslogd stopped move it aside (${hint}), apply`,
    );
    await lab.sh('h1', `systemctl stop syslog.socket rsyslog; ${hint}`);
    const made = await store('apply');
    expect(made).toExitWith(0);
    expect(made.stdout).toContain('or newer, and the files on h1 (gocryptfs).');
    expect(made.stdout + made.stderr).not.toContain('open sesame');
    await lab.sh('h1', 'cp -a /var/log/remote.clear/. /var/log/remote/; rm -r /var/log/remote.clear');
    expect((await store('plan')).stdout).toContain('Plan: 0 to change');
    const seen = JSON.parse((await run('status', 'first', '', '--json')).stdout) as {
      servers: readonly unknown[];
    };
    expect(seen.servers).toMatchObject([{ host: 'h1', encrypted: true, encryption: 'gocryptfs' }]);
    const below = '/var/lib/provision-log-store';
    expect(
      (await lab.exec('h1', `grep -r -a provision-verify ${below}; find ${below} -name "*syslog*"`)).stdout,
    ).toBe('');

    // It goes away while lines come: rsyslogd ends, and what asks for it waits until somebody has typed the passphrase.
    await lab.sh('h1', 'kill $(pidof gocryptfs); until ! systemctl is-active -q rsyslog; do sleep 0.1; done');
    await wake();
    await send('sealed', 1, 100);
    const asking =
      'for n in $(seq 100); do [ ! -e /run/systemd/ask-password/ask.* ] || break; sleep 0.1; done';
    const waits = `(systemctl start rsyslog >/dev/null 2>&1 &); ${asking}; ls /run/systemd/ask-password; systemctl is-active rsyslog; find /var/log/remote`;
    expect((await lab.exec('h1', waits)).stdout).toMatch(
      /^ask\.\w+\nsck\.\w+\ninactive\n\/var\/log\/remote\n$/,
    );
    const typed = `(sleep 1; echo '${passphrase}') | script -qec 'systemctl start provision-log-store' /dev/null`;
    await lab.sh('h1', typed);
    expect(await stored('h1', 'sealed', 100)).toEqual(numbers(1, 100));

    // With the passphrase in a file it is there after a boot, too. FUSE's device is the lab's to make, then as well.
    const unit = '/etc/systemd/system/provision-log-store.service.d';
    const device = `mkdir ${unit} && printf '[Service]\\nExecStartPre=/bin/mknod -m 666 /dev/fuse c 10 229\\n' >${unit}/lab.conf`;
    await lab.sh('h1', `umask 077; echo '${passphrase}' >/root/passphrase; ${device}`);
    const file = 'log_store_key: file\nlog_store_key_file: /root/passphrase\n';
    const changed = await store('apply', file);
    expect(changed).toExitWith(0);
    await lab.power('h1', 'off');
    await lab.power('h1', 'on');
    const up =
      'timeout 20 sh -c "until systemctl is-active -q rsyslog; do sleep 0.2; done"; findmnt -no FSTYPE /var/log/remote';
    expect(await lab.sh('h1', up)).toBe('fuse.gocryptfs\n');
    await wake();
    await send('booted', 1, 20);
    expect(await stored('h1', 'booted', 20)).toEqual(numbers(1, 20));
    expect((await store('plan', file)).stdout).toContain('Plan: 0 to change');
  });

  test('wildcards in the names of who may send, and IPv6: listen, target, literals', async () => {
    for (const [host, n] of [
      ['h1', 1],
      ['h2', 2],
    ] as const)
      await lab.sh(host, `ip -6 addr add fd00:c6::${n}/64 dev eth0 nodad`);
    const settings = documentedSettings('Wildcards and IPv6');
    await apply(settings);
    await settles(settings);
    const { stdout } = await lab.exec('h1', 'ss -Hltn "sport = :6514"');
    expect(stdout).toMatch(/\[fd00:c6::1\]:6514/);
    const deeper = await run(
      'apply',
      'first',
      `${settings.replace('}}.lab', '}}.a.lab')}\nlog_verify_timeout: 3\n`,
    );
    expect(deeper).toExitWith(2);
    expect((deeper.stdout + deeper.stderr).replace(/\s+/g, ' ')).toContain(
      'that is: the certificate is trusted, but none of its names is permitted fix: on the log server: rsyslog_server_permitted_peers',
    );
  });

  test('some senders apart: stored in a file of their own, or not at all, and all others as ever', async () => {
    const settings = `${documentedSettings('Some senders apart')}\nrsyslog_server_udp: true\nlog_server_format: traditional\n`;
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived/);
    await settles(settings);
    const datagrams = ['sw1', 'sw2', 'core.lab', 'toaster', 'other'].flatMap((host) =>
      [12, 14].map(
        (priority) =>
          `printf '<${priority}>1 2026-11-28T07:00:00Z ${host} app - - - ${priority}' >/dev/udp/h1/514`,
      ),
    );
    await lab.sh('h2', `bash -c "${datagrams.join('\n')}"`);
    const look = `cd /var/log/remote; for n in $(seq 100); do [ ! -s other/syslog.log ] || break; sleep 0.1; done; sleep 0.3
      grep -r -c '' switches toaster other 2>/dev/null | sort`;
    expect((await lab.sh('h1', look)).trim().split('\n')).toEqual([
      'other/syslog.log:2',
      'switches/core.lab.log:1',
      'switches/sw1.log:1',
      'switches/sw2.log:1',
    ]);
    expect(await lab.sh('h1', 'cat /var/log/remote/switches/sw1.log')).toMatch(
      /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d sw1 app:? *12\n$/,
    );
    await lab.sh(
      'h1',
      'logrotate -f /etc/logrotate.d/provision-tls-server; ls /var/log/remote/switches/sw1.log-*',
    );
  });
});

// Versions and the daemon's user differ: all at once, with the topology in which a relay needs a certificate of its own.
describe.each(bases('trixie', 'ubuntuish'))('all of them together on %s', (base) => {
  beforeAll(() => open(base));
  afterAll(close);

  test('relay, files of programs, several facilities, limits, senders and rulesets', async () => {
    const authority = await Authority.create(join(folder, 'authority'));
    await authority.certbot(lab, 'h1', ['logs.lab']);
    await authority.certbot(lab, 'h3', ['h3.lab']);
    const mutual = `log_topology: mutual
log_root_file: ${authority.root}
log_root_fingerprint: ''
`;
    const host = (name: string) => `log_certificate_source: ${name}\n`;
    const central = await run('apply', 'second', `${mutual}${host('host')}`);
    expect(central).toExitWith(0);
    await lab.sh('h2', 'mkdir -p /var/log/shop /srv/java; chmod 755 /var/log/shop /srv/java');
    await writeFile(
      join(folder, 'first.yml'),
      `${hosts('h1', 'h2: ', 'log_server_name: logs.lab').replace('FOLDER', folder)}`.replace(
        'h1: }}',
        'h1: {log_certificate_source: host}}}',
      ),
    );
    const settings = [
      mutual,
      documentedSettings('Relay: a server that sends on', {
        'central.example.com': 'h3.lab',
        'host: central': 'host: h3',
      }),
      documentedSettings('Files of programs'),
      documentedSettings('Only some facilities, and no more than so many'),
      documentedSettings('Some senders apart'),
      'rsyslog_server_senders: [198.18.0.0/24]\n',
    ].join('\n');
    const shown = await apply(settings);
    expect(shown).toMatch(/h2 -> h1: arrived/);
    expect(shown).toMatch(/h2 -> h3: arrived/);
    await settles(settings);
    // A file that was renamed before rsyslogd saw it is none of those that it follows.
    await lab.sh('h2', 'seq 1 50 >/var/log/shop/a.log');
    for (const server of ['h1', 'h3']) await stored(server, 'shop', 50);
    await lab.sh(
      'h2',
      `cd /var/log/shop; mv a.log a.log.1; seq 51 100 >a.log; printf '[1] one\\n two\\n[2] end\\n' >>/srv/java/app.log
      logger -t some -p user.err no; logger -t some -p auth.info yes`,
    );
    for (const server of ['h1', 'h3']) {
      expect(new Set(await stored(server, 'shop', 100))).toEqual(new Set(numbers(1, 100)));
      expect((await stored(server, 'java', 1))[0]).toBe('[1] one\\n two');
      expect(await stored(server, 'some', 1)).toEqual(['yes']);
    }
  });
});
