/**
 * `prepare`: builds. npm does not install what building takes when a package is installed from git with --global, which is how
 * pre-commit installs a hook (npm/cli#8440); then that comes first.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

const shell = process.platform === 'win32';
if (!existsSync('node_modules/esbuild')) {
  const env = { ...process.env, npm_config_global: 'false', npm_config_location: 'project' };
  execFileSync('npm', ['ci', '--include=dev', '--ignore-scripts'], { env, shell, stdio: ['ignore', 'ignore', 'inherit'] });
}
execFileSync('npm', ['run', '--silent', 'build'], { shell, stdio: 'inherit' });
