export { addOnOf } from './recognise.ts';
