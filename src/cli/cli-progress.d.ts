/** The part of cli-progress that is used here; the package brings no types. */
declare module 'cli-progress' {
  interface Options {
    readonly stream?: NodeJS.WritableStream;
    readonly format?: string;
    readonly clearOnComplete?: boolean;
    readonly gracefulExit?: boolean;
    readonly fps?: number;
    readonly barsize?: number;
  }
  export class SingleBar {
    constructor(options: Options, preset?: object);
    start(total: number, value: number, payload?: object): void;
    update(value: number, payload?: object): void;
    stop(): void;
  }
  const cliProgress: { readonly SingleBar: typeof SingleBar };
  export default cliProgress;
}
