/** Where something stands in a host's files; lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The last line of it. */
  readonly end: number;
}

/** Parameters of a RainerScript object, by their names in lower case. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** A piece of configuration that loads, opens or forwards something; what only filters or stores is left out. */
export type Statement =
  /** `module(load="imtcp")`. */
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly parameters: Parameters;
      readonly at: Place;
      readonly within: string;
    }
  /** `$ModLoad imtcp`. */
  | {
      readonly kind: 'directive';
      readonly name: string;
      readonly value: string;
      readonly at: Place;
      readonly within: string;
    }
  /** The action of a line such as `*.* @@log.example.com`. */
  | { readonly kind: 'forward'; readonly target: string; readonly at: Place; readonly within: string };

/** The first value of a parameter; undefined when it is not given. */
export function parameter(parameters: Parameters, name: string): string | undefined {
  return parameters.get(name.toLowerCase())?.[0];
}

/** Whether a statement begins at a place. */
export function isAt({ at }: Statement, place: Place): boolean {
  return at.file === place.file && at.line === place.line;
}

/** A place as messages name it. */
export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
