/** Which releases long suites take: all of them in the deep run, else the newest. */
import { DEEP } from '../runs.ts';
import { RELEASES } from './parts.ts';

export const RELEASES_OF_LONG_SUITES = DEEP ? RELEASES : RELEASES.slice(0, 1);
