#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';
import { VERSION } from '../src/version.js';

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  // Keeps the compiled code for the next run (Node 22.1 and later); it must come before what it is for is loaded.
  (module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
  const { main } = await import('../src/cli/main.js');
  await main(argv);
}
