import { TemplateError } from '../../jinja/values/template-error.ts';
import { textOf } from '../../jinja/values/value.ts';
import type { FileChoice, Source } from '../model.ts';
import { withHome } from '../source/loading/file-search.ts';

/** The file that a host takes for an entry of `vars_files`. Throws TemplateError where none of its names leads to one. */
export function chosenFile(file: FileChoice, scope: { value(source: Source): unknown }): string {
  const given = file.names.map((name) => textOf(scope.value(name)));
  for (const name of given) {
    const plain = withHome(name).replace(/^(?:\.\/)+/, '');
    const path = file.files.get(plain) ?? [...file.files.values()].find((one) => one === plain);
    if (path !== undefined) return path;
  }
  const error = new TemplateError(
    `vars_files: there is no file ${given.map((one) => `'${one}'`).join(' or ')}`,
    undefined,
    {
      code: 'missing-file',
      why: `there are ${[...file.files.keys()].join(', ')}`,
      hint: "make the file, or name one behind it that always exists: ['{{ ... }}.yml', default.yml]",
    },
  );
  error.place = file.at;
  throw error;
}
