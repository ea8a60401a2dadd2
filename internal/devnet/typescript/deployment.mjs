// SPDX-License-Identifier: Apache-2.0

// What both rounds do the same way: read bids, wait for services, close and count the money.

import assert from "node:assert/strict";

import {
  Deployment_State as DeploymentState, LeaseClosedReason, Lease_State as LeaseState, Source, Types_State as EscrowState,
} from "@akashnetwork/chain-sdk/private-types/akash.v1";
import { Group_State as GroupState } from "@akashnetwork/chain-sdk/private-types/akash.v1beta4";

import { decimal, one, whole } from "./decimal.mjs";
import { until } from "./story.mjs";

export const actDeposit = 5_000_000n; // uact

/** The message that creates a deployment of app from the owner's balance. */
export const creation = (id, app) => ({
  id, groups: app.groups, hash: app.hash,
  deposit: { amount: { denom: "uact", amount: actDeposit.toString() }, sources: [Source.balance] },
});

/** Waits for count open bids and returns them with the cheapest first. */
export async function openBids(sdk, id, count) {
  const bids = await until(`${count} bids`, async () => {
    const filters = { owner: id.owner, dseq: id.dseq, state: "open" };
    const { bids } = await sdk.akash.market.v1beta5.getBids({ filters });
    assert.ok(bids.length <= count, `${bids.length} bids, want ${count}`);
    return bids.length === count && bids.map((entry) => entry.bid);
  });
  for (const bid of bids) {
    assert.equal(bid.id.owner, id.owner);
    assert.equal(BigInt(bid.id.dseq.toString()), id.dseq);
    assert.equal(bid.price.denom, "uact");
  }
  const byPrice = (a, b) => (decimal(a.price.amount) < decimal(b.price.amount) ? -1 : 1);
  return bids.sort(byPrice);
}

/** Waits until the gateway says that every replica of the app's services is available, and returns its answer. */
export async function available(gateway, id, app, credentials) {
  return await until("all services available", async () => {
    const answer = await gateway.request("GET", `/lease/${id.dseq}/1/1/status`, credentials);
    assert.equal(answer.status, 200, answer.text);
    const { services } = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(services).sort(), app.services.map((s) => s.name));
    const up = app.services.every((s) => services[s.name].available === s.count && services[s.name].total === s.count);
    return up && services;
  });
}

/** Reads a deployment whose only lease is lease, as the chain has it. */
export async function read(sdk, id, lease) {
  const { deployment, groups, escrowAccount } = await sdk.akash.deployment.v1beta4.getDeployment({ id });
  const answer = lease && await sdk.akash.market.v1beta5.getLease({ id: lease });
  return { deployment, groups, escrow: escrowAccount.state, lease: answer?.lease, payment: answer?.escrowPayment };
}

/**
 * Checks a deployment that was closed while it had a lease: states, and that the Akash provider was paid its price
 * for each block of the lease, in whole uact. The owner's balance was before, and paidIn went into escrow since.
 * Returns the number of blocks and what a witness is told.
 */
export async function closedAndRefunded(tenant, sdk, id, lease, before, paidIn) {
  const now = await read(sdk, id, lease);
  assert.equal(now.deployment.state, DeploymentState.closed);
  assert.deepEqual(now.groups.map((g) => g.state), [GroupState.closed]);
  assert.equal(now.lease.state, LeaseState.closed);
  assert.equal(now.lease.reason, LeaseClosedReason.lease_closed_owner);
  assert.equal(now.escrow.state, EscrowState.closed);
  assert.deepEqual(now.escrow.deposits, []);
  for (const left of now.escrow.funds) {
    assert.equal(decimal(left.amount), 0n, "nothing left in escrow");
  }

  const blocks = BigInt(now.lease.closedOn.toString()) - BigInt(now.lease.createdAt.toString());
  assert.ok(blocks > 0n, "the lease lasted");
  const spent = whole(decimal(now.lease.price.amount) * blocks);
  assert.deepEqual(now.escrow.transferred.map((c) => [c.denom, decimal(c.amount)]), [["uact", spent * one]]);
  assert.equal(BigInt(now.payment.state.withdrawn.amount), spent);
  const after = await tenant.balance("uact");
  assert.equal(after, before - spent, "all but the price of the lease came back");
  assert.ok(spent < paidIn);
  const facts = { dseq: `${id.dseq}`, provider: lease.provider, spent: `${spent}`, uact: `${after}` };
  return { blocks, facts };
}

/** What a witness is told of a new lease. */
export const leased = (id, bid, app) => ({
  dseq: `${id.dseq}`, provider: bid.id.provider, price: bid.price.amount, hash: Buffer.from(app.hash).toString("hex"),
});

/** What a witness is told of a lease whose services run. */
export const running = (id, bid, greeting) => ({
  dseq: `${id.dseq}`, provider: bid.id.provider, env: `GREETING=${greeting}`, images: ["redis:7.4.1", "nginx:1.27.3"],
});
