import type { WholeFloat } from '../../python/whole-float.ts';
import type { Span } from '../values/template-error.ts';

/** Arguments of a call, filter or test as they are written. */
export interface ArgumentNodes {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** `*list` and `**mapping`. */
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}

/** A parsed expression; spans count in the whole template. */
export type Expression = Span &
  (
    | { readonly type: 'literal'; readonly value: string | number | boolean | null | WholeFloat }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'list'; readonly items: readonly Expression[] }
    | { readonly type: 'mapping'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | {
        readonly type: 'attribute';
        readonly object: Expression;
        readonly name: string;
        readonly nameAt: Span;
      }
    | { readonly type: 'item'; readonly object: Expression; readonly key: Expression }
    | {
        readonly type: 'slice';
        readonly object: Expression;
        readonly start: Expression | undefined;
        readonly stop: Expression | undefined;
        readonly step: Expression | undefined;
      }
    | { readonly type: 'call'; readonly callee: Expression; readonly args: ArgumentNodes }
    | FilterNode
    | {
        readonly type: 'test';
        readonly input: Expression;
        readonly name: string;
        readonly nameAt: Span;
        readonly negated: boolean;
        readonly args: ArgumentNodes;
      }
    | { readonly type: 'unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expression }
    | {
        readonly type: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly type: 'compare';
        readonly first: Expression;
        readonly rest: readonly { readonly operator: CompareOperator; readonly right: Expression }[];
      }
    | {
        readonly type: 'conditional';
        readonly test: Expression;
        readonly value: Expression;
        readonly otherwise: Expression | undefined;
      }
  );

/** `input | name(args)`; the input of the first filter of a filter block is its body. */
export interface FilterNode extends Span {
  readonly type: 'filter';
  readonly input: Expression | undefined;
  readonly name: string;
  readonly nameAt: Span;
  readonly args: ArgumentNodes;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~' | 'and' | 'or';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** What an assignment or loop writes to. */
export type Target =
  | { readonly type: 'name'; readonly name: string; readonly at: number; readonly end: number }
  | {
      readonly type: 'attribute';
      readonly object: string;
      readonly name: string;
      readonly at: number;
      readonly end: number;
    }
  | { readonly type: 'tuple'; readonly items: readonly Target[]; readonly at: number; readonly end: number };
