import { renderText } from '../../../src/jinja/template/template.ts';
import type { TemplateEnvironment } from '../../../src/jinja/template/template-environment.ts';
import { TemplateError } from '../../../src/jinja/values/template-error.ts';

/** Nothing but these variables. */
export function environment(variables: Readonly<Record<string, unknown>> = {}): TemplateEnvironment {
  return {
    find: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    names: () => Object.keys(variables),
  };
}

/** The error that a template must end with. */
export function failure(template: string, variables: Readonly<Record<string, unknown>> = {}): TemplateError {
  try {
    renderText(template, environment(variables));
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`no error: ${template}`);
}
