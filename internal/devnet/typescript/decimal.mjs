// SPDX-License-Identifier: Apache-2.0

// Money without floats: the chain's decimals have 18 places and are counted here in units of the last one.

import assert from "node:assert/strict";

const places = 18;
export const one = 10n ** BigInt(places);

/** Reads "1.25" or "1" exactly. */
export function decimal(text) {
  const match = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  assert.ok(match, `${JSON.stringify(text)} is not a decimal`);
  return BigInt(match[1]) * one + BigInt((match[2] ?? "").padEnd(places, "0"));
}

/** Drops what is behind the point. */
export const whole = (value) => value / one;
