/** The controller of the Kubernetes project for nginx, under the names of those who ship it. */
const IMAGE =
  /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|(?:hardened-)?(?:mirrored-)?(?:nginx-ingress-controller|ingress-nginx-controller)(?:-chroot)?)(?:-(?:amd64|arm64))?(?:[:@]|$)/;
const VERSION = /:v?(\d+)\.(\d+)\.(\d+)/;

/** F5's controllers of the same purpose (nginx/nginx-ingress) are other programs. */
export function isIngressNginx(image: string | undefined): boolean {
  return image !== undefined && image.includes('nginx') && IMAGE.test(image);
}

/** Whether the tag names a release in which CVE-2025-1974 and its four companions are open; undefined without a version. */
export function hasIngressNightmare(image: string): boolean | undefined {
  const match = VERSION.exec(image);
  if (match === null) return undefined;
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number);
  if (major !== 1) return major < 1;
  return minor < 11 || (minor === 11 && patch < 5) || (minor === 12 && patch < 1);
}
