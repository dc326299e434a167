import { type AccountAnswer, AccountsAnswer } from './account-answer.ts';
import { type AccountRequest, accountProgram } from './account-program.ts';
import type { Ask, ProbeKind } from './probe.ts';
import { probeFailure } from './probe-error.ts';

/** What is asked about a user or a group. */
export interface AccountQuestion {
  readonly database: 'passwd' | 'group';
  readonly name: string;
  /** Of a user: the name of its first group, or the names of all its groups too. */
  readonly groups?: 'primary' | 'all' | undefined;
  /** Of a user: whether its password is locked. */
  readonly secret?: boolean | undefined;
  /** Of a user: a hash; whether its password has it is asked, with or without a lock. */
  readonly password?: string | undefined;
}

const accountKind: ProbeKind<AccountQuestion, AccountAnswer> = {
  name: 'account',
  most: 200,
  program: (questions) => accountProgram(requestOf(questions)),
  read(output, questions) {
    const accounts = new AccountsAnswer(output.stdout);
    return questions.map(({ database, name }, index) => {
      const what = database === 'passwd' ? 'user' : 'group';
      return probeFailure(output, `the ${what} ${name}`) ?? accounts.of(database, name, String(index));
    });
  },
};

/** Asks the name service about a user or a group. */
export function account(question: AccountQuestion): Ask<AccountAnswer> {
  return { kind: accountKind, question, paths: ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow'] };
}

// A name that no account can have is not asked: then there is none.
function names(questions: readonly AccountQuestion[]): readonly string[] {
  const all = questions
    .map(({ name }) => name)
    .filter((name) => /^[A-Za-z0-9_.][A-Za-z0-9_.-]*\$?$/.test(name));
  return [...new Set(all)];
}

function requestOf(questions: readonly AccountQuestion[]): AccountRequest {
  const users = questions.filter(({ database }) => database === 'passwd');
  return {
    users: names(users),
    groups: names(questions.filter(({ database }) => database === 'group')),
    primaries: names(users.filter(({ groups }) => groups !== undefined)),
    members: names(users.filter(({ groups }) => groups === 'all')),
    secrets: names(users.filter(({ secret, password }) => secret || password !== undefined)),
    passwords: questions.flatMap(({ name, password }, index) =>
      password === undefined ? [] : [{ key: String(index), user: name, hash: password }],
    ),
  };
}
