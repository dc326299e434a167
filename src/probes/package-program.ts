import { quote } from '../shell/quote.ts';

/** What one program asks of the package tools. */
export interface PackageRequest {
  /** `name` or `name:architecture`. */
  readonly names: readonly string[];
  /** Those for which a package of another name will do that provides them. */
  readonly provided: readonly string[];
  /** When the package lists were fetched. */
  readonly age: boolean;
  /** Those of which is asked whether the package lists know them. */
  readonly available: readonly string[];
}

const format = 'known\\t${db:Status-Status}\\t${Package}\\t${Architecture}\\t${Version}\\n';

// One call lists all; only where a name is not installed by itself it is asked, once, who provides what.
function knownScript({ names, provided, available }: PackageRequest): readonly string[] {
  const tab = '\t';
  const missing = provided.map((name) => {
    const entry = `known${tab}installed${tab}${name.replace(':', tab)}${tab}`;
    return `case $provision_known in *${quote(entry)}*) ;; *) provision_missing=yes ;; esac`;
  });
  return [
    `provision_known=$(dpkg-query -W -f '${format}' -- ${names.map(quote).join(' ')} 2>/dev/null) || :`,
    'printf \'%s\\n\' "$provision_known"',
    'provision_missing=',
    ...missing,
    ...(provided.length === 0
      ? []
      : [
          'if [ -n "$provision_missing" ]; then',
          "  echo provides; dpkg-query -W -f '${db:Status-Status} ${Provides}\\n'",
          'fi',
        ]),
    ...(available.length === 0 ? [] : availableScript(available)),
  ];
}

// Looking through all lists takes long: only when something is missing. Without a place for its cache apt writes none.
function availableScript(names: readonly string[]): readonly string[] {
  const quiet = '-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=';
  return [
    'if [ -n "$provision_missing" ]; then',
    `  provision_found=$(apt-cache ${quiet} policy -- ${names.map(quote).join(' ')} 2>/dev/null) && {`,
    '    echo available; printf \'%s\\n\' "$provision_found"',
    "    stat -c 'fetched %Y' /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null",
    "    date '+now %s'; }",
    'fi',
  ];
}

// Managers other than apt are asked for one name after the other: what provides it counts, too.
function otherScript(names: readonly string[]): string {
  return `  provision_of() {
    case $provision_path in
    dnf | yum | zypper) rpm -q --queryformat '%{VERSION}-%{RELEASE}\\n' "$1" || rpm -q --whatprovides --queryformat '%{VERSION}-%{RELEASE}\\n' "$1" ;;
    pacman) pacman -Q "$1" ;;
    apk) apk info -e "$1" ;;
    *) return 1 ;;
    esac
  }
  for provision_name in ${names.map(quote).join(' ')}; do
    ! provision_had=$(LC_ALL=C; export LC_ALL; provision_of "$provision_name" 2>/dev/null) ||
      printf 'known\\tinstalled\\t%s\\t\\t%s\\n' "$provision_name" "$(printf '%s\\n' "$provision_had" | sed 's/.* //;q')"
  done`;
}

/** sh code that prints what package tools a host has, how old their lists are, and what is installed. */
export function packageProgram(request: PackageRequest): string {
  return [
    'if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then',
    '  for provision_path in dnf yum zypper pacman apk; do',
    '    if command -v $provision_path >/dev/null; then echo "other $provision_path"; break; fi',
    '  done',
    "  [ -O / ] || echo 'powerless'",
    ...(request.names.length === 0 ? [] : [otherScript(request.names)]),
    '  exit 0',
    'fi',
    "echo 'apt yes'",
    "[ -w /var/lib/dpkg ] || [ -O / ] || echo 'powerless'",
    'export LC_ALL=C',
    'for provision_path in /var/lib/apt/lists/*Release /var/lib/apt/lists/*Packages*; do',
    '  [ -e "$provision_path" ] || continue',
    "  echo 'lists there'",
    ...(request.age
      ? ["  stat -c 'fetched %Y' /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null"]
      : []),
    '  break',
    'done',
    ...(request.names.length === 0 ? [] : knownScript(request)),
    ':',
  ].join('\n');
}
