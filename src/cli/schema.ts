/** `castellan schema NAME`: the JSON Schema of a document. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { SCHEMAS } from '../report/schemas/index.ts';

export function runSchema(name: string | undefined): number {
  if (name === undefined) {
    stdout.write(`${Object.keys(SCHEMAS).join('\n')}\n`);
  } else {
    if (!Object.hasOwn(SCHEMAS, name)) {
      throw new CastellanError('CAS_USAGE', `there is no schema "${name}"`, {
        remedy: `The schemas are: ${Object.keys(SCHEMAS).join(', ')}.`,
      });
    }
    stdout.write(`${JSON.stringify(SCHEMAS[name], null, 2)}\n`);
  }
  stdout.end();
  return 0;
}
