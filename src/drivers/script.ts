/** vrrp_scripts as a driver: starts what the core says, reports how it ended. */
import type { Script, User } from '../config/model';
import { type Finished, type Running, run } from './process';

export interface Scripts {
  run(script: Script, defaultUser: User | null): void;
  /** Ends those that run; nothing is reported any more. */
  close(): void;
}

export function scripts(onFinished: (script: string, finished: Finished) => void): Scripts {
  const running = new Map<string, Running>();
  let closed = false;
  return {
    run: (script, defaultUser) => {
      const process = run(script.command, script.timeout, script.user ?? defaultUser);
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
