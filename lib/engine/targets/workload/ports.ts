import type { CanaryService } from '../../../api/canary.js';
import { portName, targetPort } from '../../../api/defaults.js';
import type { Container, PodSpec, ServicePort } from '../../../api/workloads.js';

/** Containers that meshes put beside the application's. */
const SIDECARS = ['istio-proxy', 'envoy'];

/** Ports of the generated Services: the canary's own first, then with `portDiscovery` those of the containers. */
export function servicePorts(service: CanaryService, pod: PodSpec): ServicePort[] {
  const own: ServicePort = {
    name: portName(service),
    protocol: 'TCP',
    port: service.port,
    targetPort: targetPort(service),
    ...(service.appProtocol ? { appProtocol: service.appProtocol } : {}),
  };
  if (!service.portDiscovery) return [own];
  return [own, ...pod.containers.flatMap((container) => discoveredPorts(container, service))];
}

function discoveredPorts(container: Container, service: CanaryService): ServicePort[] {
  if (SIDECARS.includes(container.name)) return [];
  return (container.ports ?? [])
    .map((port, index) => ({
      name: port.name || `tcp-${container.name}-${index}`,
      number: port.containerPort,
      own: port.name,
    }))
    .filter((port) => !isServed(port.number, port.own, service))
    .map((port) => ({ name: port.name, protocol: 'TCP', port: port.number, targetPort: port.number }));
}

function isServed(number: number, name: string | undefined, service: CanaryService): boolean {
  const own = targetPort(service);
  return own === number || own === name;
}
