import type { JsonObject } from '../../core/json.js';
import { isSet, nameOf, type Placed, type PlacedContainer, type Pod, placedIn, type Report } from './pod.js';

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

const PROPAGATIONS: readonly unknown[] = ['None', 'HostToContainer', 'Bidirectional'];

/** Containers that share a name, and volumes, mounts and devices that do not fit together. */
export function checkVolumes(pod: Pod, report: Report): void {
  const names = checkNames(pod, report);
  checkContainerNames(pod, report);
  for (const container of pod.containers) {
    const { volumeDevices, volumeMounts } = container.value;
    if (!isSet(volumeMounts) && !isSet(volumeDevices)) continue;
    const devices = placedIn(volumeDevices, [...container.path, 'volumeDevices']);
    checkMounts(container, names, devices, report);
    for (const device of devices) checkVolume(device, names, container, report);
  }
}

/** The names of the pod's volumes. */
function checkNames({ volumes, claims }: Pod, report: Report): ReadonlySet<string> {
  const names = new Set<string>();
  for (const volume of volumes) {
    const { name } = volume.value;
    if (typeof name !== 'string' || !DNS_LABEL.test(name)) {
      report('volume-name', volume.path, `volume ${nameOf(volume)}: the name must be a DNS label of at most 63 characters`);
    }
    if (Object.keys(volume.value).filter((key) => key !== 'name' && isSet(volume.value[key])).length > 1) {
      report('volume-source', volume.path, `volume ${nameOf(volume)}: more than one source`);
    }
    if (typeof name !== 'string') continue;
    if (names.has(name)) report('duplicate-volume', volume.path, `volume ${name}: twice`);
    // Not refused, and as bad: the controller puts the claim in its place.
    if (claims.has(name))
      report('controller:claim-replaces-volume', volume.path, `volume ${name}: replaced by the claim of the same name`);
    names.add(name);
  }
  for (const claim of claims) names.add(claim);
  return names;
}

function checkContainerNames({ containers }: Pod, report: Report): void {
  const names = new Set<string>();
  for (const container of containers) {
    const { name, path, subject } = container;
    if (name === undefined || name === '') continue;
    if (!DNS_LABEL.test(name))
      report('container-name', path, `${subject}: the name must be a DNS label of at most 63 characters`);
    if (names.has(name)) report('duplicate-container', path, `${subject}: another container has the name`);
    names.add(name);
  }
}

function checkMounts(container: PlacedContainer, names: ReadonlySet<string>, devices: readonly Placed[], report: Report): void {
  const { subject } = container;
  const taken = new Set<unknown>();
  const deviceNames = new Set(devices.map(({ value }) => value.name));
  const devicePaths = new Set(devices.map(({ value }) => value.devicePath));
  for (const mount of placedIn(container.value.volumeMounts, [...container.path, 'volumeMounts'])) {
    const { mountPath } = mount.value;
    checkVolume(mount, names, container, report);
    if (typeof mountPath === 'string') {
      if (taken.has(mountPath)) report('duplicate-mount-path', mount.path, `${subject}: two mounts at ${mountPath}`);
      taken.add(mountPath);
    }
    if (deviceNames.has(mount.value.name) || devicePaths.has(mountPath)) {
      report('mount-and-device', mount.path, `${subject}: ${nameOf(mount)} is a volume device too`);
    }
    checkPropagation(mount, container, report);
    checkRecursion(mount, subject, report);
  }
}

function checkVolume(use: Placed, names: ReadonlySet<string>, { subject }: PlacedContainer, report: Report): void {
  const { name } = use.value;
  if (typeof name === 'string' && !names.has(name)) report('unknown-volume', use.path, `${subject}: there is no volume ${name}`);
}

function checkPropagation({ value, path }: Placed, { securityContext, subject }: PlacedContainer, report: Report): void {
  const { mountPropagation: propagation, name } = value;
  if (typeof propagation !== 'string') return;
  if (!PROPAGATIONS.includes(propagation)) {
    report(
      'unsupported-value',
      [...path, 'mountPropagation'],
      `${subject}: mountPropagation must be ${PROPAGATIONS.join(' or ')}`,
    );
  } else if (propagation === 'Bidirectional' && securityContext.privileged !== true) {
    report('mount-propagation', path, `${subject}: the Bidirectional mount of ${name} needs privileged: true`);
  }
}

function checkRecursion({ value, path }: Placed, subject: string, report: Report): void {
  const { recursiveReadOnly, readOnly, mountPropagation, name } = value as JsonObject;
  if (typeof recursiveReadOnly !== 'string' || recursiveReadOnly === 'Disabled') return;
  if (recursiveReadOnly !== 'Enabled' && recursiveReadOnly !== 'IfPossible') {
    report(
      'unsupported-value',
      [...path, 'recursiveReadOnly'],
      `${subject}: recursiveReadOnly has no value ${recursiveReadOnly}`,
    );
    return;
  }
  if (readOnly !== true) report('recursive-read-only', path, `${subject}: recursiveReadOnly of ${name} needs readOnly: true`);
  if (isSet(mountPropagation) && mountPropagation !== 'None') {
    report('recursive-read-only', path, `${subject}: recursiveReadOnly of ${name} beside mountPropagation: ${mountPropagation}`);
  }
}
