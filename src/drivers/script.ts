/** vrrp_scripts as a driver: starts what the core says, reports how it ended. */
import type { Global, Script } from '../config/model';
import { type Finished, type Running, run, termsOf } from './process';

export interface Scripts {
  run(script: Script, global: Global): void;
  /** Ends those that run; nothing is reported any more. */
  close(): void;
}

export function scripts(onFinished: (script: string, finished: Finished) => void): Scripts {
  const running = new Map<string, Running>();
  let closed = false;
  return {
    run: (script, global) => {
      const user = script.user ?? global.scriptUser;
      // A check of a daemon that was killed is nobody's.
      const terms = { ...termsOf(global), mortal: true };
      const process = run(script.command, script.timeout, user, {}, terms);
      running.set(script.name, process);
      void process.finished.then((finished) => {
        running.delete(script.name);
        if (!closed) onFinished(script.name, finished);
      });
    },
    close: () => {
      closed = true;
      for (const process of running.values()) process.kill('SIGTERM');
    },
  };
}
