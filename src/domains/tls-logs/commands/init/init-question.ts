import {
  certificateComplaint,
  clientsComplaint,
  directoryComplaint,
  portComplaint,
  privateWord,
  serverComplaint,
} from './init-answers.ts';

/** A question, how it is answered without asking, and what may be said. */
export interface InitQuestion {
  /** Key of the option that answers it. */
  readonly key: 'server' | 'clients' | 'certificate' | 'port' | 'directory';
  readonly flag: string;
  readonly text: string;
  /** Taken when nothing is typed; undefined when it must be answered. */
  proposal(answered: ReadonlyMap<string, string>): string | undefined;
  complaint(text: string, answered: ReadonlyMap<string, string>): string | undefined;
}

/** The five questions, in their order; `hosts` are those of ~/.ssh/config. */
export function initQuestions(hosts: readonly string[]): readonly InitQuestion[] {
  const others = (answered: ReadonlyMap<string, string>): readonly string[] =>
    hosts.filter((host) => host !== answered.get('server'));
  return [
    {
      key: 'server',
      flag: '--server',
      text: 'Log server, which takes the lines',
      proposal: () => hosts.find((host) => /log/i.test(host)) ?? hosts[0],
      complaint: serverComplaint,
    },
    {
      key: 'clients',
      flag: '--clients',
      text: 'Log clients, which send theirs',
      proposal: (answered) => others(answered).join(' ') || undefined,
      complaint: (text, answered) => clientsComplaint(text, answered.get('server') ?? ''),
    },
    {
      key: 'certificate',
      flag: '--certificate',
      text: `Certificates: ${privateWord} (a CA of your own), or the name that certbot has one for`,
      proposal: () => privateWord,
      complaint: certificateComplaint,
    },
    {
      key: 'port',
      flag: '--port',
      text: 'TCP port of the log server',
      proposal: () => '6514',
      complaint: portComplaint,
    },
    {
      key: 'directory',
      flag: '--directory',
      text: 'Where the log server puts the lines',
      proposal: () => '/var/log/remote',
      complaint: directoryComplaint,
    },
  ];
}
