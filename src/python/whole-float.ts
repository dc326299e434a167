// Newer than the library that the types are checked against.
const raw: (text: string) => unknown = Reflect.get(JSON, 'rawJSON');

/**
 * A floating-point number without a fraction, such as 8.0: to Python another thing than 8, and printed as such.
 * All other numbers are JavaScript's own.
 */
export class WholeFloat {
  readonly #value: number;

  constructor(value: number) {
    this.#value = value;
  }

  valueOf(): number {
    return this.#value;
  }

  toString(): string {
    return `${this.#value}.0`;
  }

  toJSON(): unknown {
    return raw(String(this));
  }
}

/** A number that is a float to Python, whether it has a fraction or not. */
export function floatOf(value: number): number | WholeFloat {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? new WholeFloat(value) : value;
}

/** True, false and floats as the numbers that they count as; anything else as it is. */
export function numeric(value: unknown): unknown {
  if (value instanceof WholeFloat) return value.valueOf();
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Whether Python would call a value a float. */
export function isFloat(value: unknown): boolean {
  return value instanceof WholeFloat || (typeof value === 'number' && !Number.isInteger(value));
}
