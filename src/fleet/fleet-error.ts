import { ExpectedError } from '../errors/expected-error.ts';

/** The fleet cannot do what was asked; `hint` is what to do next. */
export class FleetError extends ExpectedError {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
