import fc from 'fast-check';

/**
 * The same cases in every run, so that a change is judged by what it changes. `KUBEMEND_SEED=$RANDOM` looks elsewhere, as the
 * nightly workflow does; what it finds becomes a row.
 */
fc.configureGlobal({ seed: Number(process.env.KUBEMEND_SEED ?? 1) });

export { fc };
