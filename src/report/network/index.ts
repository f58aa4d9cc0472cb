export { type GraphEdge, dotOf, mermaidOf } from './graph.ts';
export { type MatrixView, matrixTable } from './matrix-table.ts';
export { csvRecord } from '../csv-record.ts';
export { partText, unaskedText, sideText } from './side-text.ts';
