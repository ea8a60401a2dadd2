// SPDX-License-Identifier: Apache-2.0

// From AKT to a running workload and back, with queries over gRPC and a token for the gateway.

import assert from "node:assert/strict";

import { createProviderSDK } from "@akashnetwork/chain-sdk";
import { Lease_State as LeaseState, LedgerRecordStatus } from "@akashnetwork/chain-sdk/private-types/akash.v1";

import { app } from "./app.mjs";
import { decimal, one } from "./decimal.mjs";
import {
  actDeposit, available, closedAndRefunded, creation, leased, openBids, read, running,
} from "./deployment.mjs";
import { listen } from "./events.mjs";
import { step, until, witness } from "./story.mjs";

const burnt = 20_000_000n; // uakt
const spreadPerMyriad = 25n;

export async function cheapestByGRPC(owner) {
  const sdk = owner.grpc;

  await step("connect", async () => {
    const { defaultNodeInfo } = await sdk.cosmos.base.tendermint.v1beta1.getNodeInfo();
    assert.equal(defaultNodeInfo.network, process.env.AKASH_CHAIN_ID);
    const { params } = await sdk.akash.deployment.v1beta4.getParams();
    assert.deepEqual(params.minDeposits.find((c) => c.denom === "uact"), { denom: "uact", amount: "500000" });
    assert.equal(await owner.balance("uact"), 0n);
    return `${owner.address} on ${defaultNodeInfo.network}`;
  });

  await step("mint ACT", () => mint(owner, sdk));

  const workload = await app("hello");
  const id = { owner: owner.address, dseq: await owner.freshDSeq(sdk) };
  const before = await owner.balance("uact");
  await step("create a deployment", async () => {
    await sdk.akash.deployment.v1beta4.createDeployment(creation(id, workload));
    const now = await read(sdk, id);
    assert.deepEqual(Buffer.from(now.deployment.hash), Buffer.from(workload.hash));
    assert.equal(now.groups.length, 1);
    const { name, resources } = now.groups[0].groupSpec;
    assert.equal(name, "anywhere");
    assert.deepEqual(resources.map((r) => r.count), workload.groups[0].resources.map((r) => r.count));
    assert.equal(decimal(now.escrow.funds[0].amount), actDeposit * one);
    assert.equal(await owner.balance("uact"), before - actDeposit);
    return `dseq ${id.dseq}, deposit ${actDeposit} uact`;
  });

  let bid;
  await step("read bids", async () => {
    const bids = await openBids(sdk, id, 2); // the third Akash provider is of another tier
    bid = bids[0];
    // 500m and 512Mi and 1Gi twice, 250m and 256Mi and 512Mi once, one endpoint, at birch's prices.
    assert.equal(decimal(bid.price.amount), decimal("4.5844"));
    return bids.map((b) => `${b.id.provider} ${b.price.amount}`).join(", ");
  });

  let since;
  await step("accept the cheapest", async () => {
    const events = await listen("/akash.market.v1beta5.MsgCreateLease");
    await sdk.akash.market.v1beta5.createLease({ bidId: bid.id });
    const { lease } = await read(sdk, id, bid.id);
    const event = await events.first("akash.market.v1.EventLeaseCreated");
    assert.deepEqual(event.price, { denom: "uact", amount: "4.584400000000000000" });
    assert.equal(event.id.dseq, `${id.dseq}`);
    assert.equal(event.id.provider, bid.id.provider);
    assert.equal(lease.state, LeaseState.active);
    assert.equal(decimal(lease.price.amount), decimal(bid.price.amount));
    since = BigInt(lease.createdAt.toString());
    await witness("leased", leased(id, bid, workload));
    return `lease of ${bid.id.provider} since block ${since}`;
  });

  const gateway = await owner.gateway(sdk, bid.id.provider);
  const token = await owner.token();
  await step("send the manifest with a token", async () => {
    const answer = await gateway.request("PUT", `/deployment/${id.dseq}/manifest`, { token, body: workload.body });
    assert.deepEqual(answer, { status: 200, type: undefined, text: "" });
    return `${workload.body.length} bytes`;
  });

  await step("wait for the services", async () => {
    const services = await available(gateway, id, workload, { token });
    assert.ok(services.web.uris.includes("web.devnet.test"), "the host name asked for");
    assert.ok(services.web.uris.some((u) => u.endsWith(".ingress.birch.test")), "and one of the Akash provider");
    assert.equal(services.store.uris, null);
    await witness("running", running(id, bid, "hello"));
    return `web ${services.web.available} of ${services.web.total}, ${services.web.uris.join(", ")}`;
  });

  await step("read logs", async () => {
    const { code, messages } = await gateway.stream(`/lease/${id.dseq}/1/1/logs?follow=false&tail=2`, token);
    assert.equal(code, 1006, "logs end without a close frame");
    const replicas = new Set(messages.map((m) => m.name));
    assert.equal(replicas.size, 3, "lines of two replicas of web and one of store");
    assert.ok(messages.every((m) => typeof m.message === "string" && m.message !== ""));
    return `${messages.length} lines of ${replicas.size} replicas`;
  });

  await step("ask the gateway over gRPC", async () => {
    const { provider } = await sdk.akash.provider.v1beta4.getProvider({ owner: bid.id.provider });
    const url = new URL(provider.hostUri);
    url.port = String(Number(url.port) + 1); // by convention
    // The SDK does not check the certificate here. Nothing secret is sent.
    const { getStatus, streamStatus } = createProviderSDK({ baseUrl: url.origin }).akash.provider.v1;
    const status = await getStatus();
    assert.equal(status.cluster.leases.active, 1);
    assert.ok(status.cluster.inventory.cluster.nodes.length > 0);
    for await (const next of await streamStatus()) {
      assert.equal(next.cluster.leases.active, 1);
      break;
    }
    return `${status.cluster.inventory.cluster.nodes.length} nodes, ${status.cluster.leases.active} lease`;
  });

  await step("close and get the rest back", async () => {
    await until("ten blocks of the lease", async () => await owner.height(sdk) >= since + 10n);
    await sdk.akash.deployment.v1beta4.closeDeployment({ id });
    const result = await closedAndRefunded(owner, sdk, id, bid.id, before, actDeposit);
    assert.ok(result.blocks > 10n);
    await witness("closed", result.facts);
    return `${result.facts.spent} uact spent in ${result.blocks} blocks, ${result.facts.uact} uact left`;
  });
}

/** Burns AKT for ACT at the oracle's price and waits for the exchange's next epoch. */
async function mint(owner, sdk) {
  const { collateralRatio, mintsAllowed } = await sdk.akash.bme.v1.getStatus();
  assert.ok(mintsAllowed, `minting is halted at ${collateralRatio}`);
  const before = await owner.balance("uakt");
  await sdk.akash.bme.v1.mintACT({
    owner: owner.address, to: owner.address, coinsToBurn: { denom: "uakt", amount: burnt.toString() },
  });
  const record = await until("the exchange's epoch", async () => {
    // Over REST: this release of the SDK has the field before the spread was added to the record (number 7), so that it
    // cannot read the network's answer over gRPC.
    const { records } = await owner.rest.akash.bme.v1.getLedgerRecords({ filters: { source: owner.address } });
    assert.equal(records.length, 1);
    return records[0].status === LedgerRecordStatus.ledger_record_status_executed && records[0].executedRecord;
  });
  const gross = burnt * 125n / 100n; // 1.25 USD an AKT
  // The exchange keeps the AKT to give it out again, and records what was minted before its spread.
  assert.deepEqual(record.remintCreditAccrued.coin, { denom: "uakt", amount: burnt.toString() });
  assert.deepEqual(record.minted.coin, { denom: "uact", amount: gross.toString() });
  const minted = gross - gross * spreadPerMyriad / 10_000n;
  const uact = await owner.balance("uact");
  assert.equal(uact, minted);
  const fee = before - burnt - await owner.balance("uakt");
  assert.ok(fee > 0n && fee < 20_000n, `fee ${fee} uakt`);
  await witness("minted", { uact: uact.toString(), burnt: burnt.toString() });
  return `${burnt} uakt became ${minted} uact`;
}
