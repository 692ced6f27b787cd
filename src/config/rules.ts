/**
 * Every rule, in the order in which they are asked: what no single block can see. A rule has a
 * reason, and what it says is true on this host, or on every host when nothing is known of it.
 */
import type { Built } from './build';
import type { Diagnostic } from './diagnostic';
import type { Host } from './host';
import { classicNginx } from './rules/classic-nginx';
import { emptyConfiguration } from './rules/empty-configuration';
import { evenGroup } from './rules/even-group';
import { knownInterface } from './rules/known-interface';
import { knownScript } from './rules/known-script';
import { knownTrack } from './rules/known-track';
import { largeAdvert } from './rules/large-advert';
import { longTimeout } from './rules/long-timeout';
import { mailAddress } from './rules/mail-address';
import { mailTrust } from './rules/mail-trust';
import { mailWay } from './rules/mail-way';
import { missingProgram } from './rules/missing-program';
import { nopreemptWeight } from './rules/nopreempt-weight';
import { ownAddress } from './rules/own-address';
import { programByPath } from './rules/program-by-path';
import { scriptSecurity } from './rules/script-security';
import { scriptUser } from './rules/script-user';
import { selfPeer } from './rules/self-peer';
import { shellSyntax } from './rules/shell-syntax';
import { sleepyScript } from './rules/sleepy-script';
import { smallWeight } from './rules/small-weight';
import { stopsKeepalivedItself } from './rules/stops-keepalived';
import { strictAccept } from './rules/strict-accept';
import { supervisedNginx } from './rules/supervised-nginx';
import { trackedTwice } from './rules/tracked-twice';
import { trueOwner } from './rules/true-owner';
import { tutorialPassword } from './rules/tutorial-password';
import { tutorialVrid51 } from './rules/tutorial-vrid';
import { typographic } from './rules/typographic';
import { unicastSource } from './rules/unicast-source';
import { uniqueVrid } from './rules/unique-vrid';
import { unsafeProgram } from './rules/unsafe-program';
import { unusedScript } from './rules/unused-script';
import { virtualPeer } from './rules/virtual-peer';
import { weightWithoutEffect } from './rules/weight-without-effect';
import { wideMask } from './rules/wide-mask';

export type Rule = (built: Built, host: Host) => readonly Diagnostic[];

export const rules: readonly Rule[] = [
  emptyConfiguration,

  uniqueVrid,
  tutorialVrid51,
  tutorialPassword,
  strictAccept,
  trueOwner,
  evenGroup,

  knownInterface,
  ownAddress,
  wideMask,
  largeAdvert,
  selfPeer,
  virtualPeer,
  unicastSource,

  knownScript,
  knownTrack,
  trackedTwice,
  unusedScript,
  weightWithoutEffect,
  smallWeight,
  nopreemptWeight,

  missingProgram,
  unsafeProgram,
  programByPath,
  shellSyntax,
  typographic,
  scriptSecurity,
  scriptUser,
  longTimeout,
  classicNginx,
  supervisedNginx,
  stopsKeepalivedItself,
  sleepyScript,

  mailWay,
  mailAddress,
  mailTrust,
];
