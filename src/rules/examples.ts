/** Shorthand for the examples of rules: whole manifests from the few lines that matter. */

/** A Deployment with one container `app`, into which the given lines are put. */
export function withContainer(containerYaml: string, podYaml = ''): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: {name: web, namespace: shop}',
    'spec:',
    '  selector: {matchLabels: {app: web}}',
    '  template:',
    '    metadata: {labels: {app: web}}',
    '    spec:',
    indent(podYaml, 6),
    '      containers:',
    '      - name: app',
    '        image: registry.example.com/shop/web:1.4.2',
    indent(containerYaml, 8),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** A Deployment with one plain container, whose PodSpec holds the given lines. */
export function withPod(podYaml: string): string {
  return withContainer('', podYaml);
}

/** Several documents as one file. */
export function documents(...yaml: string[]): string {
  return yaml.map((text) => text.trim()).join('\n---\n');
}

/** Where the container and the PodSpec of `withContainer` stand. */
export const CONTAINER = 'spec.template.spec.containers[0]';
export const POD = 'spec.template.spec';

function indent(yaml: string, by: number): string {
  if (yaml.trim() === '') return '';
  const lines = yaml.replace(/^\n+/, '').trimEnd().split('\n');
  const shortest = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => ' '.repeat(by) + line.slice(shortest)).join('\n');
}
