/** How a logged line looks to rsyslog's rules and templates, and to the server. */
export interface Seen {
  readonly facility: string;
  readonly severity: string;
  /** Of the tag; rules call it programname. */
  readonly program: string;
  /** `own` is the process that logged; `-` is none. */
  readonly pid: string;
  readonly text: string;
}

/** Something that is logged. */
export interface LoggedCase {
  readonly name: string;
  /** A datagram for /dev/log, where @ stands for the time as syslog writes it; or for the journal's own socket. */
  readonly to: 'dev-log' | 'journal';
  readonly datagram: Buffer;
  /** As the socket of syslog gives it to rsyslog. */
  readonly socket: Seen;
  /** What differs when rsyslog reads the journal. */
  readonly journal?: Partial<Seen>;
}

const facilities =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7';
const severities = 'emerg alert crit err warning notice info debug';

function syslog(name: string, datagram: string, socket: Partial<Seen>, journal?: Partial<Seen>): LoggedCase {
  const plain = { facility: 'user', severity: 'notice', program: name, pid: '-', text: '' };
  return {
    name,
    to: 'dev-log',
    datagram: Buffer.from(datagram),
    socket: { ...plain, ...socket },
    ...(journal && { journal }),
  };
}

function native(
  name: string,
  fields: Readonly<Record<string, string>>,
  socket: Partial<Seen>,
  journal?: Partial<Seen>,
): LoggedCase {
  const field = ([key, value]: readonly [string, string]): Buffer => {
    if (!value.includes('\n')) return Buffer.from(`${key}=${value}\n`);
    const length = Buffer.alloc(8);
    length.writeUInt32LE(Buffer.byteLength(value));
    return Buffer.concat([Buffer.from(`${key}\n`), length, Buffer.from(`${value}\n`)]);
  };
  const datagram = Buffer.concat(Object.entries({ SYSLOG_IDENTIFIER: name, ...fields }).map(field));
  const plain = { facility: 'user', severity: 'info', program: name, pid: 'own', text: '' };
  return { name, to: 'journal', datagram, socket: { ...plain, ...socket }, ...(journal && { journal }) };
}

// The journal knows who sent a line, and the tag shows it.
const signed = { pid: 'own' } as const;
const unparsed = { program: 'perl', pid: 'own' } as const;

/** All kinds of lines, with what becomes of them by both ways. */
export const loggedCases: readonly LoggedCase[] = [
  ...facilities.split(' ').map((facility, n) =>
    syslog(
      `facility-${facility}`,
      `<${n * 8 + 6}>@ facility-${facility}[21]: one`,
      { facility, severity: 'info', pid: '21', text: 'one' },
      // To the journal, as to POSIX, no program is the kernel.
      n === 0 ? { facility: 'user' } : undefined,
    ),
  ),
  ...severities.split(' ').map((severity, n) =>
    syslog(`severity-${severity}`, `<${17 * 8 + n}>@ severity-${severity}[22]: one`, {
      facility: 'local1',
      severity,
      pid: '22',
      text: 'one',
    }),
  ),
  syslog('pid', '<13>@ pid[4711]: with a number', { pid: '4711', text: 'with a number' }),
  syslog('no-pid', '<13>@ no-pid: without one', { text: 'without one' }, signed),
  syslog('slash', '<22>@ postfix/smtpd[9]: a tag with a slash', {
    facility: 'mail',
    severity: 'info',
    program: 'postfix',
    pid: '9',
    text: 'a tag with a slash',
  }),
  syslog('long-tag', `<13>@ ${'t'.repeat(60)}[9]: a long tag`, {
    program: 't'.repeat(60),
    pid: '9',
    text: 'a long tag',
  }),
  syslog('cron', '<78>@ CRON[9]: (root) CMD (true)', {
    facility: 'cron',
    severity: 'info',
    program: 'CRON',
    pid: '9',
    text: '(root) CMD (true)',
  }),
  syslog('lines', '<13>@ lines[9]: first\nsecond\n\tthird', {
    pid: '9',
    text: 'first#012second#012#011third',
  }),
  syslog('line-end', '<13>@ line-end[9]: text\n', { pid: '9', text: 'text' }),
  syslog('control', '<13>@ control[9]: tab\tescape\u001b[31m bell\u0007', {
    pid: '9',
    text: 'tab#011escape#033[31m bell#007',
  }),
  syslog('unicode', '<13>@ unicode[9]: Übermut €, 日本語 😀', { pid: '9', text: 'Übermut €, 日本語 😀' }),
  syslog('signs', `<13>@ signs[9]: #012 \\n "a" 'b' %msg% $x <13> {"j":1}`, {
    pid: '9',
    text: `#012 \\n "a" 'b' %msg% $x <13> {"j":1}`,
  }),
  syslog('empty', '<13>@ empty[9]: ', { pid: '9', text: '' }),
  syslog('dot', '<13>@ dot[9]: .', { pid: '9', text: '.' }),
  syslog('long', `<13>@ long[9]: ${'x'.repeat(7900)}.`, { pid: '9', text: `${'x'.repeat(7900)}.` }),
  syslog('no-time', '<13>no-time[9]: without a time', { pid: '9', text: 'without a time' }),
  syslog(
    'space-before',
    '<13>@ space-before[9]:   two more',
    { pid: '9', text: '  two more' },
    { text: ' two more' },
  ),
  syslog('space-behind', '<13>@ space-behind[9]: text  ', { pid: '9', text: 'text  ' }, { text: 'text' }),
  syslog('zero', '<13>@ zero[9]: before\0after', { pid: '9', text: 'before#000after' }, { text: 'before' }),
  // Without a tag the socket's way takes the first word for one; the journal knows the program, and the text stays whole.
  syslog(
    'no-tag',
    '<13>@ just some words',
    { program: 'just', text: 'some words' },
    { ...unparsed, text: 'just some words' },
  ),
  syslog(
    'two-words',
    '<13>@ two words: text',
    { program: 'two', text: 'words: text' },
    { ...unparsed, text: 'two words: text' },
  ),
  syslog(
    'no-priority',
    'nothing but words',
    { facility: 'kern', severity: 'emerg', program: 'thing', text: 'but words' },
    { ...unparsed, facility: 'user', severity: 'info', text: 'nothing but words' },
  ),
  syslog(
    'no-facility',
    '<999>@ no-facility[9]: text',
    { facility: 'invld', severity: 'debug', pid: '9', text: 'text' },
    { facility: 'user' },
  ),
  native('native', { PRIORITY: '4', MESSAGE: 'text' }, { severity: 'warning', text: 'text' }),
  native(
    'native-lines',
    { PRIORITY: '3', MESSAGE: 'first\nsecond' },
    { severity: 'err', text: 'first#012second' },
  ),
  native('native-no-priority', { MESSAGE: 'text' }, { text: 'text' }),
  native(
    'native-facility',
    { PRIORITY: '2', SYSLOG_FACILITY: '10', MESSAGE: 'text' },
    { facility: 'authpriv', severity: 'crit', text: 'text' },
  ),
  native(
    'native-kernel',
    { PRIORITY: '4', SYSLOG_FACILITY: '0', MESSAGE: 'text' },
    { severity: 'warning', text: 'text' },
    { facility: 'kern' },
  ),
  native('native-pid', { PRIORITY: '6', SYSLOG_PID: '77', MESSAGE: 'text' }, { text: 'text' }, { pid: '77' }),
];
