import type { Expression, Target } from '../expression/expression-tree.ts';
import type { Span } from '../values/template-error.ts';

/** A macro's or call block's parameter. */
export interface Parameter {
  readonly name: string;
  readonly otherwise: Expression | undefined;
}

export type Body = readonly TemplateNode[];

/** What a template is made of. */
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'output'; readonly expression: Expression }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
      readonly otherwise: Body;
    }
  | {
      readonly type: 'for';
      readonly target: Target;
      readonly iterable: Expression;
      readonly condition: Expression | undefined;
      readonly recursive: boolean;
      readonly body: Body;
      readonly otherwise: Body;
    }
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly type: 'set-block';
      readonly target: Target;
      readonly filter: Expression | undefined;
      readonly body: Body;
    }
  | {
      readonly type: 'with';
      readonly bindings: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: Body;
    }
  | {
      readonly type: 'macro';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: Body;
    }
  | {
      readonly type: 'call';
      readonly parameters: readonly Parameter[];
      readonly call: Expression;
      readonly body: Body;
    }
  | { readonly type: 'filter'; readonly filter: Expression; readonly body: Body }
  | (Span & {
      readonly type: 'include';
      readonly name: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    })
  | (Span & {
      readonly type: 'import';
      readonly name: Expression;
      /** What all of it is called here; else `names` of it are taken. */
      readonly whole: string | undefined;
      readonly names: readonly { readonly name: string; readonly as: string }[];
      readonly withContext: boolean;
    })
  | { readonly type: 'do'; readonly expression: Expression }
  | { readonly type: 'break' }
  | { readonly type: 'continue' };
