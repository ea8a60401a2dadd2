// SPDX-License-Identifier: Apache-2.0

// Steps that say what they did, waiting with an end, and the witness: the Go program that started this one and looks at
// the devnet's own state.

import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const patience = 60_000; // ms; blocks come every 200 ms
const interval = 100; // ms

let steps = 0;

/** Runs a part of the story. work returns a short text of what came of it. */
export async function step(title, work) {
  const began = performance.now();
  try {
    const result = await work();
    steps++;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`ok ${String(steps).padStart(2)} ${title}: ${result} (${seconds} s)`);
  } catch (error) {
    throw new Error(`${title}: ${error.message}`, { cause: error });
  }
}

/** The number of steps that went well. */
export const stepsDone = () => steps;

/** Waits until look returns something that is neither undefined nor false, and returns that. */
export async function until(what, look) {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${patience / 1000} s`);
    }
    await pause(interval);
  }
}

let answers;

/**
 * Asks the witness to compare facts with the devnet's own state, and fails when it finds something else. The other side
 * is witness.go: a line of JSON there, a line of JSON back.
 */
export async function witness(at, facts) {
  answers ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log(`witness ${JSON.stringify({ at, ...facts })}`);
  const { value, done } = await answers.next();
  if (done) {
    throw new Error("the witness has gone");
  }
  const { error } = JSON.parse(value);
  if (error) {
    throw new Error(`witness of "${at}": ${error}`);
  }
}
