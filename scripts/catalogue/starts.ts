/**
 * What was found missing when the starts of images were read again: rights that a program needs only later, and variables with which a
 * start does more.
 */
import type { Correction } from './correction.js';

const FPM = 'php/php-src@8daa1d9e sapi/fpm/fpm/fpm_process_ctl.c';
const FPM_WHY = 'the master is root, and stops idle and leaving workers, who are www-data, by a signal';
const ALPINE = 'uid and gid 82 in the Alpine variants';

/** Entries for the variants with php-fpm, which lack what it takes to signal the workers. */
const FPM_ENTRIES: readonly (readonly [name: string, more: readonly string[], sources: readonly string[]])[] = [
  [
    'nextcloud',
    ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
    [
      'nextcloud/docker@4de1eed6 32/fpm-alpine/Dockerfile, 32/apache/entrypoint.sh',
      'nextcloud/docker@4de1eed6 32/apache/entrypoint.sh',
    ],
  ],
  [
    'php',
    [],
    ['docker-library/php@445bf414 8.4/bookworm/fpm/Dockerfile', 'docker-library/php@445bf414 8.4/alpine3.23/fpm/Dockerfile'],
  ],
  [
    'wordpress',
    ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
    ['docker-library/wordpress@bf223d1c docker-entrypoint.sh', 'docker-library/wordpress@bf223d1c2 docker-entrypoint.sh'],
  ],
];

const APACHE_WRITES: readonly string[] = ['/var/run/apache2', '/var/lock/apache2'];

/**
 * An image of which nothing was said but how it runs with Apache.
 * @param condition what it takes to run it as www-data; `undefined` where nobody says that it works
 */
function withFpm(
  name: string,
  more: readonly string[],
  writes: readonly string[],
  condition: string | undefined,
  source: string,
): Correction {
  return {
    image: `docker.io/library/${name}`,
    why: 'the variants with php-fpm have no Apache, and no port below 1024',
    variants: [
      {
        tags: '*fpm*',
        entrypoint: 'as the Apache variant with php-fpm on 9000: root master, pool user www-data (33, or 82 in Alpine)',
        nonRoot: condition === undefined ? undefined : { possible: true, uid: 33, gid: 33, condition: `${condition}; ${ALPINE}` },
        capabilities: [...more, 'KILL', 'SETGID', 'SETUID'],
        ports: [9000],
        writes: writes.filter((path) => !APACHE_WRITES.includes(path)),
        sources: [source, FPM],
        confidence: 'read',
      },
    ],
  };
}

const FILES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];

/** The folder of the data, which is a volume, is not empty from 18 on. */
function postgres18(tags: string, as: string): Correction {
  const entrypoint = `${as}, PGDATA is /var/lib/postgresql/<major>/docker and the volume is /var/lib/postgresql, where data is a link to the folder itself`;
  return {
    image: 'docker.io/library/postgres',
    tags,
    why: 'whoever mounts /var/lib/postgresql/data mounts the folder itself by the link (18/bookworm/Dockerfile)',
    set: { entrypoint, populated: ['/var/lib/postgresql'] },
  };
}

export const STARTS: readonly Correction[] = [
  ...FPM_ENTRIES.map(([name, more, sources]) => ({
    image: `docker.io/library/${name}`,
    tags: '*fpm*',
    why: FPM_WHY,
    set: { capabilities: [...more, 'KILL', 'SETGID', 'SETUID'], sources: [...sources, FPM] },
  })),
  withFpm(
    'drupal',
    [],
    ['/opt/drupal/web/sites', '/tmp'],
    'volumes under /opt/drupal/web/sites with group 33 (fsGroup)',
    'docker-library/drupal@5927fe2c 10.2/php8.3/fpm-bookworm/Dockerfile',
  ),
  withFpm(
    'joomla',
    FILES,
    ['/var/www/html', '/tmp'],
    'volume group 33 (fsGroup)',
    'joomla-docker/docker-joomla@0e9e7dcd 5.2/php8.3/fpm/Dockerfile',
  ),
  withFpm(
    'matomo',
    FILES,
    ['/var/www/html', '/tmp'],
    '/var/www/html itself must be owned by the uid: the start script chowns it and stops on failure, fsGroup alone is not enough',
    'matomo-org/docker@01882f7d fpm/Dockerfile',
  ),
  withFpm(
    'mediawiki',
    [],
    ['/var/www/html/images', '/var/www/html/cache', '/var/www/data', '/tmp'],
    'volume group 33 (fsGroup) for /var/www/html/images',
    'wikimedia/mediawiki-docker@15541e8b 1.43/fpm/Dockerfile',
  ),
  withFpm(
    'phpmyadmin',
    ['CHOWN', 'DAC_OVERRIDE'],
    ['/etc/phpmyadmin', '/sessions', '/var/www/html/tmp', '/tmp'],
    undefined,
    'phpmyadmin/docker@41ef7ee4 fpm/Dockerfile',
  ),
  {
    image: 'docker.io/envoyproxy/envoy',
    why: 'its start script makes another user where it is told one',
    set: { writesBy: ['ENVOY_UID', 'ENVOY_GID'] },
  },
  {
    image: 'docker.io/library/adminer',
    why: 'its start script writes designs and plugins where it is told some',
    set: { writesBy: ['ADMINER_DESIGN', 'ADMINER_PLUGINS'] },
  },
  {
    image: 'docker.io/library/couchdb',
    why: 'its start script writes the name of the node and the cookie where it is told them',
    set: { writesBy: ['NODENAME', 'COUCHDB_ERLANG_COOKIE'] },
  },
  postgres18('>=18', 'as the Debian variant'),
  postgres18('>=18 *-alpine*', 'as the Alpine variant, steps down to postgres (70) by gosu'),
];
