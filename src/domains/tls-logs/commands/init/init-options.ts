/** Options of `provision init`; those of the questions by their keys. */
export interface InitOptions {
  readonly server?: string;
  readonly clients?: string;
  readonly certificate?: string;
  readonly port?: string;
  readonly directory?: string;
  readonly yes?: boolean;
  readonly sshConfig?: string;
  readonly color: boolean;
}
