import { isObject, type Json, type JsonObject, type Path } from '../../core/json.js';
import { isSet, type PlacedContainer, type Pod, type Report } from './pod.js';

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR_CONTAINER = 'container.apparmor.security.beta.kubernetes.io/';
const LOCALHOST = 'localhost/';

const FIELDS = ['seccompProfile', 'appArmorProfile'] as const;
type ProfileField = (typeof FIELDS)[number];

/** Values of annotations that mean the same as a type of the field. */
const SAME: Readonly<Record<ProfileField, ReadonlyMap<string, readonly string[]>>> = {
  seccompProfile: new Map([
    ['Unconfined', ['unconfined']],
    ['RuntimeDefault', ['runtime/default', 'docker/default']],
  ]),
  appArmorProfile: new Map([
    ['Unconfined', ['unconfined']],
    ['RuntimeDefault', ['runtime/default']],
  ]),
};

/** Seccomp and AppArmor: the fields, the annotations that came before them, and whether the two agree. */
export function checkProfiles(pod: Pod, report: Report): void {
  checkBoth(pod.securityContext, [...pod.specPath, 'securityContext'], 'pod', report);
  for (const { securityContext, path, subject, value } of pod.containers) {
    if (isSet(value.securityContext)) checkBoth(securityContext, [...path, 'securityContext'], subject, report);
  }
  // A template without annotations is the rule.
  if (Object.keys(pod.annotations).length > 0) checkAnnotations(pod, report);
}

function checkBoth(context: JsonObject, path: Path, subject: string, report: Report): void {
  for (const field of FIELDS) {
    const profile = context[field];
    if (isObject(profile)) checkProfile(profile, field, [...path, field], subject, report);
  }
}

function checkProfile(profile: JsonObject, field: ProfileField, path: Path, subject: string, report: Report): void {
  const { type, localhostProfile } = profile;
  const hasPath = isSet(localhostProfile);
  if (!isSet(type) || type === '') {
    report('profile-type', path, `${subject}: ${field} needs a type`);
  } else if (typeof type === 'string' && type !== 'Localhost' && type !== 'RuntimeDefault' && type !== 'Unconfined') {
    report('profile-type', path, `${subject}: ${field} has no type ${type}`);
  }
  if (type !== 'Localhost') {
    if (hasPath) report('profile-localhost', path, `${subject}: localhostProfile of ${field} is for type Localhost only`);
  } else if (!hasPath) {
    report('profile-localhost', path, `${subject}: ${field} of type Localhost needs a localhostProfile`);
  } else if (typeof localhostProfile === 'string' && !isLocalhostProfile(localhostProfile, field)) {
    report(
      'profile-localhost',
      path,
      `${subject}: ${field} cannot have the localhostProfile ${JSON.stringify(localhostProfile)}`,
    );
  }
}

function isLocalhostProfile(name: string, field: ProfileField): boolean {
  if (field === 'appArmorProfile') return name !== '' && name.trim() === name && name.length < 4096;
  return isDescending(name);
}

/** A path below a folder of the kubelet's. */
function isDescending(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..');
}

function checkAnnotations(pod: Pod, report: Report): void {
  const names = new Set(pod.containers.map(({ name }) => name));
  for (const key of Object.keys(pod.annotations)) {
    const value = pod.annotations[key];
    const path = () => [...pod.annotationsPath, key];
    if (typeof value !== 'string') continue;
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) {
      if (!isSeccompValue(value)) report('seccomp-annotation', path(), `${key}: ${value} is no seccomp profile`);
    } else if (key.startsWith(APPARMOR_CONTAINER)) {
      const name = key.slice(APPARMOR_CONTAINER.length);
      if (!names.has(name)) report('apparmor-annotation', path(), `${key}: there is no container ${name}`);
      if (!isAppArmorValue(value)) report('apparmor-annotation', path(), `${key}: ${value} is no AppArmor profile`);
    }
  }

  const podPath = [...pod.specPath, 'securityContext'];
  checkAgreement(pod.annotations[SECCOMP_POD], pod.securityContext, 'seccompProfile', podPath, 'pod', report);
  for (const container of pod.containers) {
    const { name = '', securityContext, path, subject } = container;
    const here = [...path, 'securityContext'];
    checkAgreement(pod.annotations[SECCOMP_CONTAINER + name], securityContext, 'seccompProfile', here, subject, report);
    const appArmor = pod.annotations[APPARMOR_CONTAINER + name];
    const context = appArmorContext(pod, container, appArmor);
    checkAgreement(appArmor, context, 'appArmorProfile', context === securityContext ? here : podPath, subject, report);
  }
}

/** The context whose profile an AppArmor annotation must agree with. Windows pods have none. */
function appArmorContext(pod: Pod, { securityContext }: PlacedContainer, annotation: Json | undefined): JsonObject {
  if (pod.os === 'windows') return {};
  if (isSet(securityContext.appArmorProfile)) return securityContext;
  // In a Pod the server makes the annotation the container's own profile first; in a template the pod's profile stands against it.
  return pod.isPod && becomesProfile(annotation) ? {} : pod.securityContext;
}

function becomesProfile(annotation: Json | undefined): boolean {
  return typeof annotation === 'string' && annotation !== '' && annotation !== LOCALHOST && isAppArmorValue(annotation);
}

function checkAgreement(
  annotation: Json | undefined,
  context: JsonObject,
  field: ProfileField,
  path: Path,
  subject: string,
  report: Report,
): void {
  const profile = context[field];
  if (typeof annotation !== 'string' || !isObject(profile)) return;
  const { type, localhostProfile } = profile;
  const agrees =
    type === 'Localhost'
      ? annotation.startsWith(LOCALHOST) && annotation.slice(LOCALHOST.length) === localhostProfile
      : typeof type !== 'string' || (SAME[field].get(type)?.includes(annotation) ?? true);
  if (!agrees)
    report('annotation-mismatch', [...path, field], `${subject}: ${field} and the annotation (${annotation}) disagree`);
}

function isSeccompValue(value: string): boolean {
  if (value === 'runtime/default' || value === 'docker/default' || value === 'unconfined') return true;
  return value.startsWith(LOCALHOST) && isDescending(value.slice(LOCALHOST.length));
}

function isAppArmorValue(value: string): boolean {
  return value === '' || value === 'runtime/default' || value === 'unconfined' || value.startsWith(LOCALHOST);
}
