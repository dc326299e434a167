import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import { gitAsk, gitEnvironment, gitSteps } from './commands/git-script.ts';
import type { Change, HostResource } from './resource.ts';

const word = '^[^-\\s\\u0000][^\\s\\u0000]*$';

const schema = Type.Object(
  {
    repo: Type.String({ pattern: '^[^-\\u0000][^\\u0000]*$', description: 'address of the repository' }),
    dest: hostPath('where it is checked out'),
    version: Type.Optional(
      Type.String({ pattern: word, default: 'HEAD', description: 'branch, tag or commit' }),
    ),
    remote: Type.Optional(
      Type.String({ pattern: word, default: 'origin', description: 'how it is called there' }),
    ),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'throw away what was changed in `dest`; without it that is refused',
      }),
    ),
    depth: Type.Optional(
      Type.Integer({ minimum: 1, description: 'how many commits to fetch; all without it' }),
    ),
    clone: Type.Optional(
      Type.Boolean({ default: true, description: 'false: do not fetch a repository that is not there' }),
    ),
    update: Type.Optional(
      Type.Boolean({ default: true, description: 'false: a repository that is there stays as it is' }),
    ),
    bare: Type.Optional(Type.Boolean({ default: false, description: 'without a working tree' })),
    recursive: Type.Optional(Type.Boolean({ default: true, description: 'with submodules' })),
    track_submodules: Type.Optional(
      Type.Boolean({ default: false, description: 'submodules at the tip of their branches' }),
    ),
    single_branch: Type.Optional(
      Type.Boolean({ default: false, description: 'fetch only the branch of `version`' }),
    ),
    refspec: Type.Optional(Type.String({ pattern: word, description: 'what to fetch besides' })),
    reference: Type.Optional(hostPath('a repository on the host that has most of it')),
    separate_git_dir: Type.Optional(hostPath('where the repository itself lies, beside its working tree')),
    accept_hostkey: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'as `accept_newhostkey`: a changed key is never accepted',
      }),
    ),
    accept_newhostkey: Type.Optional(
      Type.Boolean({ default: false, description: 'log in to a host that is not known yet' }),
    ),
    key_file: Type.Optional(hostPath('the private key to log in with')),
    ssh_opts: Type.Optional(Type.String({ pattern: '^[^\\n]*$', description: 'options for ssh' })),
    executable: Type.Optional(hostPath('git itself, where it is not found')),
    umask: Type.Optional(
      Type.String({
        pattern: '^0?[0-7]{3}$',
        description: 'what is taken from the modes of files that are made',
      }),
    ),
    verify_commit: Type.Optional(
      Type.Boolean({ default: false, description: 'fail unless the signature of the commit holds' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly git: boolean;
  /** The commit that is checked out; undefined where there is no repository. */
  readonly current: string | undefined;
  /** Something is in its place that is no repository. */
  readonly blocked: boolean;
  /** The commit that is wanted; undefined where the remote does not name it. */
  readonly wanted: string | undefined;
  readonly branch: boolean;
  readonly changed: boolean;
  readonly address: string | undefined;
  readonly failure: string | undefined;
}

function tree(path: string): readonly string[] {
  const normal = posix.normalize(path).replace(/(.)\/$/, '$1');
  return [normal, `${normal}/`];
}

/** A working tree of a git repository at one version. */
export const git: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'git',
  summary: 'Check out a git repository',
  schema,
  gives: ['before', 'after', 'remote_url_changed'],
  argumentAliases: { repo: ['name'] },
  effect: 'opaque',
  follows: () => true,
  paths: ({ dest, repo }) => [dest, ...(repo.startsWith('/') ? [repo] : [])].flatMap(tree),
  probe: (want) =>
    scriptProbe({
      script: `${printFunction}\n${gitEnvironment(want)}\n${gitAsk(want)}`,
      parse(output) {
        const answer = new Answer(output, `the repository ${want.dest}`);
        const failure = answer.bytes('failure')?.toString();
        return {
          git: answer.get('git') !== 'no',
          current: answer.get('current'),
          blocked: answer.get('blocked') === 'yes',
          wanted: answer.get('wanted'),
          branch: answer.get('branch') === 'yes',
          changed: answer.get('changed') === 'yes',
          address: answer.bytes('address')?.toString(),
          failure: failure === '' ? undefined : failure,
        };
      },
    }),
  refuse(want, have) {
    if (!have.git) return ['the host has no git; install it first'];
    if (have.blocked) return [`${want.dest} is there on the host, is not empty, and is no repository`];
    if (have.failure !== undefined) return [`git could not ask ${want.repo}: ${have.failure.trim()}`];
    if (have.changed && !want.force && have.wanted !== have.current)
      return [`Local modifications exist in the destination: ${want.dest} (force=no).`];
    return [];
  },
  diff(want, have) {
    if (have.current === undefined) {
      if (want.clone === false) return [];
      return [
        { attribute: 'commit', from: 'absent', to: have.wanted?.slice(0, 12) ?? want.version ?? 'HEAD' },
      ];
    }
    if (want.update === false) return [];
    const changes: Change[] = [];
    if (have.address !== want.repo)
      changes.push({ attribute: 'remote', from: have.address ?? 'absent', to: want.repo });
    if (have.wanted !== have.current)
      changes.push({
        attribute: 'commit',
        from: have.current.slice(0, 12),
        to: have.wanted?.slice(0, 12) ?? want.version ?? 'HEAD',
      });
    if (have.changed && want.force) changes.push({ attribute: 'local changes', from: 'some', to: 'none' });
    return changes;
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const mask = want.umask === undefined ? [] : [`umask ${quote(want.umask)}`];
    const script = [...mask, gitEnvironment(want), gitSteps(want, have)].join('\n');
    return [{ kind: 'script', script }];
  },
  result: (want, have, outputs, before = have) => ({
    before: before.current ?? null,
    after: (outputs.length > 0 ? have.wanted : have.current) ?? have.current ?? null,
    remote_url_changed: before.address !== undefined && before.address !== want.repo,
  }),
};
