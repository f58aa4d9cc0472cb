import { describe, expect, it } from 'vitest';
import { METADATA_ADDRESS, contains } from './metadata-service.ts';

describe('IPv4 blocks', () => {
  it.each([
    ['0.0.0.0/0', true],
    ['169.254.0.0/16', true],
    ['169.254.169.254/32', true],
    ['169.254.169.254', true],
    ['169.254.169.252/31', false],
    ['10.0.0.0/8', false],
    ['128.0.0.0/1', true],
    ['::/0', false],
    ['169.254.169.254/33', false],
    ['300.0.0.0/0', false],
    ['nonsense', false],
    [undefined, false],
  ])('%s: %s', (cidr, expected) => expect(contains(cidr, METADATA_ADDRESS)).toBe(expected));
});
