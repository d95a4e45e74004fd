/** The hosts that kustomize takes for repositories without a scheme. */
const HOSTS = /^(?:github\.com|gitlab\.com|bitbucket\.org|gist\.github\.com|(?:ssh\.)?dev\.azure\.com)[/:]/i;

/** Whether it names something of another repository, as kustomize reads it. */
export function isRemote(path: string): boolean {
  return (
    path.includes('://') ||
    /^(?:git::|[\w.-]+@[\w.-]+:)/.test(path) ||
    HOSTS.test(path) ||
    /\?(?:ref|version|timeout)=|\.git(?:\/|\?|$)/.test(path)
  );
}

/** A URL without the user and password, and without the values of what it is asked with but for versions. */
export function withoutSecrets(url: string): string {
  return url.replace(/(:\/\/)[^/]*@/, '$1').replace(/([?&](?!(?:ref|version|timeout|submodules)=)[^=&]*=)[^&]*/g, '$1…');
}
