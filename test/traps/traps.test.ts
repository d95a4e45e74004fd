import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkCase } from './check-case.js';
import { checkScenario } from './check-scenario.js';
import { emptyAssertions, readTrap, strayKeys, TRAP_IDS, trapFile, trapFolders, unusedFiles } from './trap.js';

describe('the list of traps', () => {
  it('has a folder for each, and no other', () => {
    expect(trapFolders()).toEqual([...TRAP_IDS].sort());
  });
});

describe.each(TRAP_IDS)('%s', (id) => {
  const isThere = existsSync(trapFile(id, 'trap.json'));
  it('says what it expects, and uses all it has', () => {
    expect(isThere).toBe(true);
    const trap = readTrap(id);
    expect((trap.cases?.length ?? 0) + (trap.scenarios?.length ?? 0)).toBeGreaterThan(0);
    expect(strayKeys(trap)).toEqual([]);
    expect(unusedFiles(id, trap)).toEqual([]);
    expect(emptyAssertions(trap)).toEqual([]);
  });
  if (!isThere) return;
  const { cases = [], scenarios = [] } = readTrap(id);
  for (const row of cases) it(row.name, () => checkCase(id, row));
  for (const row of scenarios) it(row.name, () => checkScenario(id, row));
});
