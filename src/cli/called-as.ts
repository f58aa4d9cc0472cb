/** As kubectl's plugin the command goes by another name, and its help should say what one can type. */
import { basename } from 'node:path';

export function calledAs(script: string | undefined): 'castellan' | 'kubectl castellan' {
  return script !== undefined && basename(script).startsWith('kubectl-castellan') ? 'kubectl castellan' : 'castellan';
}
