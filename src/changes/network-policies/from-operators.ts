/** Needs from what Prometheus' operator is told. */
import { recordAt, recordsAt, textAt } from '../../engines/network/index.ts';
import type { Inventory } from './inventory.ts';
import type { Needs } from './needs.ts';
import { onePort } from './one-port.ts';

/** Where a Prometheus is told to send its alerts. */
export function needsFromOperators(inventory: Inventory, needs: Needs): void {
  for (const [object, index] of inventory.ofKind('Prometheus')) {
    const metadata = recordAt(object, 'metadata');
    const [own, home] = [textAt(metadata, 'name'), textAt(metadata, 'namespace') || 'default'];
    const from = inventory.apps.find(({ key }) => key === `${home}/prometheus-${own}[StatefulSet]`);
    if (from === undefined) continue;
    for (const [at, target] of recordsAt(recordAt(object, 'spec', 'alerting'), 'alertmanagers').entries()) {
      const [namespace, name] = [textAt(target, 'namespace') || home, textAt(target, 'name')];
      const service = inventory.services.get(namespace, name);
      for (const { pod, port, number } of service === undefined ? [] : inventory.services.behind(service)) {
        const app = inventory.appOf(pod);
        if (app === undefined || (target.port !== port.name && target.port !== port.port)) continue;
        const what = `sends alerts to Service/${namespace}/${name}`;
        const evidence = { ref: `Prometheus/${home}/${own}`, path: `spec.alerting.alertmanagers[${at}]`, object: index, what };
        needs.add({
          from: { kind: 'app', app: from },
          to: { kind: 'app', app },
          ports: onePort(port.protocol, number),
          evidence: [evidence],
        });
      }
    }
  }
}
