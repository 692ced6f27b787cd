/**
 * The `nginx { }` that does what a copied check script was meant to do, as text to paste.
 */
import { NGINX_BINARY, NGINX_PID_FILE } from './build-nginx';
import { line, type Printed, printText } from './print-text';

/** `script`: what the check says; the program that it starts and its pid file are taken over. */
export function proposedNginx(script: string): string {
  const binary = /(?:^|[\s;&|"'`(])(\/[\w./-]*\/nginx)(?=[\s;&|"'`)]|$)/m.exec(script)?.[1];
  const pidFile = /(\/[\w./-]*nginx[\w./-]*\.pid)\b/.exec(script)?.[1];
  const unit = /\b(?:systemctl|service)\b[^\n;|&]*\bnginx(?:\.service)?\b/.test(script);
  const ownBinary = binary === undefined || /init\.d/.test(binary) ? NGINX_BINARY : binary;
  const body: readonly Printed[] = [
    ...(ownBinary === NGINX_BINARY ? [] : line('binary', ownBinary)),
    ...line('pid_file', pidFile ?? defaultPidFile(ownBinary)),
    ...(unit ? line('systemd_unit', 'nginx') : []),
    { words: ['probe'], body: line('url', 'http://127.0.0.1/') },
  ];
  return printText([{ words: ['nginx'], body }]).trimEnd();
}

/** One that was built by hand keeps it under its own prefix. */
function defaultPidFile(binary: string): string {
  const prefix = /^(\/usr\/local\/\w+|\/opt\/\w+)\/sbin\/nginx$/.exec(binary)?.[1];
  return prefix === undefined ? NGINX_PID_FILE : `${prefix}/logs/nginx.pid`;
}
