/** What a timer runs and when: plain data, every path absolute. */
export interface Schedule {
  /** Of both units, without `.service` and `.timer`. */
  readonly name: string;
  readonly playbook: string;
  /** Node, main.js and the words that run the playbook's certificates. */
  readonly command: readonly [string, ...string[]];
  /** Relative paths in variables count from here, as they do in a run by hand. */
  readonly directory: string;
  /** HOME of the run; systemd's own service manager sets none. */
  readonly home: string;
  /** As `systemd.time(7)` has it; undefined: every night, not all at the same minute. */
  readonly calendar: string | undefined;
  /** File on this machine with the passphrase of the private CA's key. */
  readonly passphraseFile: string | undefined;
  /** Of root, or of a user's own service manager. */
  readonly manager: 'system' | 'user';
}
