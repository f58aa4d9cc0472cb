/** Replaced by the build with the version of the package. */
declare const CASTELLAN_VERSION: string | undefined;

export const VERSION: string = typeof CASTELLAN_VERSION === 'string' ? CASTELLAN_VERSION : 'development';
