// SPDX-License-Identifier: Apache-2.0

// Events of transactions over the node's websocket, as cosmjs hears them.

import assert from "node:assert/strict";

import { Comet38Client } from "@cosmjs/tendermint-rpc";

import { until } from "./story.mjs";

/** Listens for transactions with a message of this type from now on. */
export async function listen(typeUrl) {
  const client = await Comet38Client.connect(process.env.AKASH_NODE.replace(/^http/, "ws"));
  const heard = [];
  let failure;
  client.subscribeTx(`message.action='${typeUrl}'`).addListener({
    next: (tx) => heard.push(tx),
    error: (error) => { failure = error; },
  });
  // A query on the same connection is answered after the subscription.
  await client.status();
  return {
    /** The attributes of the first event of this type, each read as the JSON that it is. Ends the listening. */
    async first(type) {
      try {
        const tx = await until(`a transaction with ${typeUrl}`, async () => {
          assert.equal(failure, undefined);
          return heard[0];
        });
        assert.equal(tx.result.code, 0);
        const event = tx.result.events.find((e) => e.type === type);
        assert.ok(event, `no ${type} among ${tx.result.events.map((e) => e.type).join(", ")}`);
        return Object.fromEntries(event.attributes.map(({ key, value }) => [key, JSON.parse(value)]));
      } finally {
        client.disconnect();
      }
    },
  };
}
