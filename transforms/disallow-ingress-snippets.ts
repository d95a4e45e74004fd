import { isObject } from '../src/core/json.js';
import { report } from '../src/kube/finding.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * An annotation such as `nginx.ingress.kubernetes.io/configuration-snippet` goes into the configuration of nginx as it is. So whoever
 * may write an Ingress may have the controller read its own token, and with it every Secret that it can: as a rule those of the whole
 * cluster.
 *
 * Reported are the annotations, those of NGINX Inc.'s controller (`nginx.org/server-snippets`) as well, and a ConfigMap in which
 * `allow-snippet-annotations` says that the controller takes them. What they hold is not printed.
 *
 * ## Risk
 * Nothing is changed: requests are answered by what the snippet says. Most of what snippets are for has an annotation of its own by now:
 * headers, redirects, limits, authentication.
 *
 * ## References
 * - [CVE-2021-25742: snippets read all Secrets of a cluster](https://github.com/kubernetes/ingress-nginx/issues/7837)
 * - [ingress-nginx: allow-snippet-annotations](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations)
 * - [NGINX Ingress Controller: disadvantages of snippets](https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-snippets)
 */
export const disallowIngressSnippets = defineTransform({
  id: 'disallow-ingress-snippets',
  title: 'Report snippets of nginx configuration in Ingress annotations',
  risk: 'report',
  words: ['snippet'],
  objects: {
    kinds: [
      { group: 'networking.k8s.io', kind: 'Ingress' },
      { group: 'extensions', kind: 'Ingress' },
      { group: '', kind: 'ConfigMap' },
    ],
    *check({ object, ref }) {
      if (ref.kind === 'ConfigMap') {
        const allowed = object.get(['data', 'allow-snippet-annotations']);
        // As Go's ParseBool reads it.
        const isOn = ['true', 'True', 'TRUE', 't', 'T', '1'].some((word) => allowed.is(word));
        if (isOn) yield report(object, 'allow-snippet-annotations is on', ALLOWED, allowed.path);
        return;
      }
      const { value } = object.get('metadata.annotations');
      for (const key of isObject(value) ? Object.keys(value) : []) {
        if (SNIPPET.test(key)) yield report(object, key, SNIPPETS, object.at(['metadata', 'annotations', key]));
      }
    },
  },
});

const SNIPPET = /^nginx(?:\.ingress\.kubernetes\.io|\.org)\/[\w-]+-snippets?$/;

const SNIPPETS =
  'nginx runs it as it is, so whoever writes an Ingress can read what the controller can; use the annotation that is made for the purpose';

const ALLOWED =
  'whoever writes an Ingress can read every Secret that the controller can (CVE-2021-25742); turn it off once no Ingress has a snippet';
