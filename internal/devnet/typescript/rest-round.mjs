// SPDX-License-Identifier: Apache-2.0

// Another deployment with queries over REST: several messages in a transaction, a client certificate that the SDK made
// instead of a token, an update, more deposit.

import assert from "node:assert/strict";

import { certificateManager, msg, transaction } from "@akashnetwork/chain-sdk";
import { Scope as EscrowScope, Source } from "@akashnetwork/chain-sdk/private-types/akash.v1";

import { app } from "./app.mjs";
import { decimal, one } from "./decimal.mjs";
import {
  actDeposit, available, closedAndRefunded, creation, leased, openBids, read, running,
} from "./deployment.mjs";
import { step, witness } from "./story.mjs";

const topUp = 1_500_000n; // uact

export async function updateByREST(owner) {
  const sdk = owner.rest;
  const [first, second] = [await app("hello"), await app("good day")];
  const id = { owner: owner.address, dseq: await owner.freshDSeq(sdk) };
  const before = await owner.balance("uact");
  const mine = { filter: { owner: owner.address, state: "valid" } };
  const manifest = `/deployment/${id.dseq}/manifest`;

  let bid;
  await step("REST: create and read bids", async () => {
    await sdk.akash.deployment.v1beta4.createDeployment(creation(id, first));
    const bids = await openBids(sdk, id, 2);
    bid = bids[1];
    return `dseq ${id.dseq}, ${bids.map((b) => b.price.amount).join(" and ")} uact a block`;
  });

  const client = await certificateManager.generatePEM(owner.address);
  const pem = { cert: Buffer.from(client.cert), pubkey: Buffer.from(client.publicKey) };
  await step("REST: lease the dearer and publish a certificate in one transaction", async () => {
    const { code, height } = await transaction(sdk, [
      msg(sdk.akash.market.v1beta5.createLease, { bidId: bid.id }),
      msg(sdk.akash.cert.v1.createCertificate, { owner: owner.address, ...pem }),
    ], { memo: "two at once" });
    assert.equal(code, 0);
    const { lease } = await read(sdk, id, bid.id);
    assert.equal(BigInt(lease.createdAt.toString()), BigInt(height));
    const { certificates } = await sdk.akash.cert.v1.getCertificates(mine);
    assert.deepEqual(certificates.map((c) => Buffer.from(c.certificate.cert).toString()), [client.cert]);
    await witness("leased", leased(id, bid, first));
    return `block ${height}, serial ${certificates[0].serial}`;
  });

  const gateway = await owner.gateway(sdk, bid.id.provider);
  await step("REST: send the manifest with the certificate", async () => {
    const answer = await gateway.request("PUT", manifest, { client, body: first.body });
    assert.deepEqual(answer, { status: 200, type: undefined, text: "" });
    await available(gateway, id, first, { client });
    await witness("running", running(id, bid, "hello"));
    return "available";
  });

  await step("REST: update", async () => {
    const early = await gateway.request("PUT", manifest, { client, body: second.body });
    assert.equal(early.status, 422);
    assert.equal(early.text, "manifest version validation failed\n");
    await sdk.akash.deployment.v1beta4.updateDeployment({ id, hash: second.hash });
    const stale = await gateway.request("PUT", manifest, { client, body: first.body });
    assert.equal(stale.status, 422);
    const answer = await gateway.request("PUT", manifest, { client, body: second.body });
    assert.equal(answer.status, 200, answer.text);
    await available(gateway, id, second, { client });
    await witness("running", running(id, bid, "good day"));
    return "the gateway takes only what the chain has the hash of";
  });

  await step("REST: add to the deposit", async () => {
    await sdk.akash.escrow.v1.accountDeposit({
      signer: owner.address,
      id: { scope: EscrowScope.deployment, xid: `${id.owner}/${id.dseq}` },
      deposit: { amount: { denom: "uact", amount: topUp.toString() }, sources: [Source.balance] },
    });
    const { escrow } = await read(sdk, id);
    assert.equal(escrow.deposits.length, 2);
    assert.equal(decimal(escrow.funds[0].amount), (actDeposit + topUp) * one);
    return `${topUp} uact more`;
  });

  await step("REST: close and revoke in one transaction", async () => {
    const { certificates } = await sdk.akash.cert.v1.getCertificates(mine);
    await transaction(sdk, [
      msg(sdk.akash.deployment.v1beta4.closeDeployment, { id }),
      msg(sdk.akash.cert.v1.revokeCertificate, { id: { owner: owner.address, serial: certificates[0].serial } }),
    ]);
    const result = await closedAndRefunded(owner, sdk, id, bid.id, before, actDeposit + topUp);
    await witness("closed", result.facts);
    await assert.rejects(gateway.request("GET", `/lease/${id.dseq}/1/1/status`, { client }), /bad certificate/);
    return `${result.facts.spent} uact spent in ${result.blocks} blocks`;
  });
}
