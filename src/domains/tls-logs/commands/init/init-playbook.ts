import type { InitAnswers } from './init-answers.ts';

const widest = 100;

/**
 * A commented playbook for a log server and its clients, 40 lines at most unless there are very many of these.
 * @param schema with which editors complete and check it
 */
export function initPlaybook(answers: InitAnswers, file: string, schema?: string): string {
  const { server, clients, publicName, target, port, directory } = answers;
  const name = publicName ?? server;
  const modeline = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  return `${modeline}# A log server, and clients that send it lines over TLS; yours to change.
#
#   provision plan ${file}      shows what would be done, and does nothing
#   provision apply ${file}     does it; once more, and it says \`0 changed\`
#   provision certs ${file}     shows which certificates are due; apply replaces them
#
# Keep .provision/ca beside this file: who has its key can send lines, too.

inventory:
  all:
    vars:
      # The server's name in its certificate${target === undefined ? ', which clients connect to' : ', and where clients connect to'}.
      log_server_name: ${scalar(name)}
${target === undefined ? '' : `      log_target: ${scalar(target)}\n`}      log_port: ${port}
${publicName === undefined ? privateLines : ''}      # Each client's lines are kept in a directory of its name in here.
      log_server_directory: ${scalar(directory)}

    children:
      log_server:
        hosts:
          ${scalar(server)}:
${publicName === undefined ? '' : publicLines(publicName)}      log_clients:
${clientLines(clients)}

# The plays come with provision, so that an upgrade brings new ones.
plays:
  - import_playbook: log-over-tls.yml
`;
}

const privateLines = `      # All certificates are from a CA of your own (docs/private-ca.md).
      log_topology: private
`;

// The clients' own certificates are from a CA of one's own all the same.
function publicLines(name: string): string {
  return `        vars:
          # The server shows what certbot keeps on it:
          # certbot certonly -d ${name}, or playbooks/certbot.yml.
          log_certificate_source: host
`;
}

function clientLines(clients: readonly string[]): string {
  if (clients.length <= 8) {
    return ['        hosts:', ...clients.map((client) => `          ${scalar(client)}:`)].join('\n');
  }
  const lines = ['        hosts: {'];
  for (const client of clients) {
    const word = ` ${scalar(client)}: ,`;
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > widest) lines.push(`         ${word}`);
    else lines[lines.length - 1] = last + word;
  }
  return `${lines.join('\n').replace(/,$/, '')}}`;
}

// YAML reads some words as something else than text.
function scalar(text: string): string {
  const plain = /^(?:[A-Za-z][A-Za-z0-9._-]*|\/[A-Za-z0-9._/-]+|\d+\.\d+\.\d+\.\d+)$/.test(text);
  return plain && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text) ? text : JSON.stringify(text);
}
