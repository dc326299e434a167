/** What the name service says; what was not asked is empty or false. */
export interface AccountAnswer {
  /** The fields of its line in the database; undefined when there is none. */
  readonly entry: readonly string[] | undefined;
  readonly primaryGroup: string;
  /** Its first group among them. */
  readonly groups: readonly string[];
  readonly homeExists: boolean;
  /** The hash is the one asked for; the hash itself stays on the host. */
  readonly samePassword: boolean;
  readonly locked: boolean;
  /** There is a group that has the name of a user that is not there. */
  readonly ownGroup: boolean;
  /** The host has tools to change such accounts. */
  readonly tools: boolean;
  readonly privileged: boolean;
}

/** What a host answered about all the accounts that it was asked about. */
export class AccountsAnswer {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /**
   * What concerns one account.
   * @param key under which its password was compared
   */
  of(database: 'passwd' | 'group', name: string, key: string): AccountAnswer {
    const isUser = database === 'passwd';
    const entry = this.#entry(database, name);
    const gid = isUser ? (entry?.[3] ?? '') : '';
    const groups = this.#after(`groups ${name} `) ?? '';
    return {
      entry,
      primaryGroup: gid && (this.#entry('group', gid)?.[0] ?? gid),
      groups: isUser ? groups.split(' ').filter((one) => one !== '') : [],
      homeExists: isUser && this.#has(`home ${name}`),
      samePassword: this.#has(`same ${key}`),
      locked: isUser && this.#has(`locked ${name}`),
      ownGroup: isUser && !entry && this.#entry('group', name) !== undefined,
      tools: this.#has(isUser ? 'tools users' : 'tools groups'),
      privileged: this.#has('id 0'),
    };
  }

  #entry(database: 'passwd' | 'group', name: string): readonly string[] | undefined {
    const fields = this.#after(`${database} ${name} `)?.split(':');
    // Less than its number makes no sense.
    return fields && /^\d+$/.test(fields[2] ?? '') ? fields : undefined;
  }

  #after(start: string): string | undefined {
    return this.#lines.find((line) => line.startsWith(start))?.slice(start.length);
  }

  #has(line: string): boolean {
    return this.#lines.includes(line);
  }
}
