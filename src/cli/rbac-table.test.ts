import { describe, expect, it } from 'vitest';
import { rightsTable } from './rbac-table.ts';

const HEAD = ['SUBJECT', 'WHERE', 'THROUGH'];
const ROWS = [
  ['ServiceAccount ops/backup', 'whole cluster', 'ClusterRoleBinding/backup → ClusterRole/backup rule 1'],
  ['User ann', 'namespace shop', 'RoleBinding/shop/x → Role/shop/x rule 2'],
];

describe('tables of rights', () => {
  it('are as wide as what they hold where nobody says how wide they may be', () => {
    expect(rightsTable(HEAD, ROWS, undefined).split('\n')[1]).toBe(
      'ServiceAccount ops/backup  whole cluster   ClusterRoleBinding/backup → ClusterRole/backup rule 1',
    );
    expect(rightsTable(HEAD, ROWS, 200)).toBe(rightsTable(HEAD, ROWS, undefined));
  });

  it('break cells where the terminal is narrower, the widest first', () => {
    expect(rightsTable(HEAD, ROWS, 72)).toBe(
      [
        'SUBJECT                    WHERE           THROUGH',
        'ServiceAccount ops/backup  whole cluster   ClusterRoleBinding/backup →',
        '                                           ClusterRole/backup rule 1',
        'User ann                   namespace shop  RoleBinding/shop/x →',
        '                                           Role/shop/x rule 2',
        '',
      ].join('\n'),
    );
  });

  it('are blocks where words would be broken', () => {
    expect(rightsTable(HEAD, ROWS.slice(0, 1), 50)).toBe(
      [
        'ServiceAccount ops/backup',
        '    where    whole cluster',
        '    through  ClusterRoleBinding/backup →',
        '             ClusterRole/backup rule 1',
        '',
      ].join('\n'),
    );
  });

  it.each([40, 60, 80, 100, 120])('are never wider than %i columns', (width) => {
    for (const line of rightsTable(HEAD, ROWS, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });
});
