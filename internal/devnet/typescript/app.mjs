// SPDX-License-Identifier: Apache-2.0

// What is deployed: app.yaml as the SDK reads it, with the hash that the network's Go code gives it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { generateManifest, generateManifestVersion, manifestToSortedJSON, yaml } from "@akashnetwork/chain-sdk";

const text = readFileSync(new URL("app.yaml", import.meta.url), "utf8");

// Printed by "go run ./internal/sdl/cmd/sdlcheck", which agrees with the network's Go code on hundreds of SDLs. Where
// the SDK is known to differ from that, app.yaml stays away.
const hashes = {
  "hello": "86e8c5f48040f833285a9fb13a147da01a2019558eaf055561890036385496a9",
  "good day": "b4370eb42fa2257d718afa0aad6aa7388aff10b5cc9c6dd407071b2955a86823",
};

/**
 * Reads app.yaml with one of the greetings above.
 *
 * groups are the group specs for the chain, hash the 32 bytes for the chain, body the manifest as the gateway takes it,
 * services the services in the manifest's order.
 */
export async function app(greeting) {
  const result = generateManifest(yaml([text.replaceAll("${GREETING}", greeting)]));
  assert.ok(result.ok, `the SDK refuses app.yaml: ${JSON.stringify(result.value)}`);
  const hash = await generateManifestVersion(result.value.groups);
  assert.equal(Buffer.from(hash).toString("hex"), hashes[greeting], "the SDK's hash is not that of the Go code");
  return {
    hash,
    groups: result.value.groupSpecs,
    body: manifestToSortedJSON(result.value.groups),
    services: result.value.groups[0].services,
  };
}
