import { type Static, Type } from 'typebox';
import { expandedOnHost, hostPath, needsOneOf, notBoth } from '../argument-schemas.ts';

const text = '^[^\\u0000\\n]+$';
const word = (description: string) => Type.Optional(Type.String({ pattern: text, description }));
const path = (description: string) =>
  Type.Optional(Type.String({ ...expandedOnHost, pattern: text, description }));

/** The arguments of `pip`, as Ansible names them. */
export const pipSchema = Type.Object(
  {
    name: Type.Optional(
      Type.Array(Type.String({ pattern: text }), {
        minItems: 1,
        description: 'packages, as in flask, flask>=2 or git+https://...',
      }),
    ),
    version: word('the version, where `name` is one package without one'),
    requirements: path('file of the host that lists packages'),
    state: Type.Optional(
      Type.Enum(['present', 'latest', 'absent', 'forcereinstall'], {
        default: 'present',
        description: 'forcereinstall installs each time',
      }),
    ),
    virtualenv: path('directory of a virtual environment, made when it is missing'),
    virtualenv_command: Type.Optional(
      Type.String({
        pattern: text,
        default: 'virtualenv',
        description: 'what makes it, as in python3 -m venv; that is taken where virtualenv is missing',
      }),
    ),
    virtualenv_python: word('the Python of the environment, as in python3.11'),
    virtualenv_site_packages: Type.Optional(
      Type.Boolean({ default: false, description: 'the environment sees the packages of the system' }),
    ),
    executable: word('the pip to use, as in pip3 or a path'),
    extra_args: word('further words for pip'),
    editable: Type.Optional(Type.Boolean({ default: false, description: 'install with -e' })),
    chdir: Type.Optional(hostPath('directory to run pip in')),
    umask: Type.Optional(
      Type.String({
        pattern: '^0?[0-7]{3}$',
        description: 'what is taken from the modes of files that are made',
      }),
    ),
    break_system_packages: Type.Optional(
      Type.Boolean({ default: false, description: "install among the system's own packages all the same" }),
    ),
  },
  {
    additionalProperties: false,
    allOf: [notBoth('name', 'requirements'), notBoth('executable', 'virtualenv')],
    ...needsOneOf('name', 'requirements'),
  },
);

export type PipArguments = Static<typeof pipSchema>;
