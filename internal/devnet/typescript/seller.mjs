// SPDX-License-Identifier: Apache-2.0

// The SDK on the other side: it registers as an Akash provider, bids, is paid and gives up.

import assert from "node:assert/strict";

import {
  Deployment_State as DeploymentState, LeaseClosedReason, Lease_State as LeaseState, Source, Types_State as EscrowState,
} from "@akashnetwork/chain-sdk/private-types/akash.v1";
import { Group_State as GroupState } from "@akashnetwork/chain-sdk/private-types/akash.v1beta4";

import { app } from "./app.mjs";
import { decimal, whole } from "./decimal.mjs";
import { creation, openBids, read } from "./deployment.mjs";
import { step, until } from "./story.mjs";

const price = "1.75"; // uact a block, less than anybody else asks
const fee = { amount: [{ denom: "uakt", amount: "20000" }], gas: "800000" };

export async function sell(owner, seller) {
  const sdk = owner.grpc;
  const { market, provider } = seller.grpc.akash;
  const group = { owner: owner.address, dseq: await owner.freshDSeq(sdk), gseq: 1 };
  const id = { owner: group.owner, dseq: group.dseq };
  const bidId = { ...group, oseq: 1, provider: seller.address };

  await step("seller: register and bid", async () => {
    await sdk.akash.deployment.v1beta4.createDeployment(creation(id, await app("hello")));
    const { order } = await sdk.akash.market.v1beta5.getOrder({ id: { ...group, oseq: 1 } });
    const bid = {
      id: bidId, price: { denom: "uact", amount: price },
      deposit: { amount: { denom: "uakt", amount: "500000" }, sources: [Source.balance] },
      resourcesOffer: order.spec.resources.map(({ resource, count }) => ({ resources: resource, count })),
    };
    await assert.rejects(market.v1beta5.createBid(bid, { fee }), code(30));
    const attributes = [{ key: "host", value: "akash" }, { key: "tier", value: "premium" }];
    await provider.v1beta4.createProvider({
      owner: seller.address, hostUri: "https://seller.test:8443", attributes, info: { email: "", website: "" },
    });
    const answer = await sdk.akash.provider.v1beta4.getProvider({ owner: seller.address });
    assert.deepEqual(answer.provider.attributes, attributes);
    const dear = { ...bid, price: { denom: "uact", amount: "250.000000000000000001" } };
    await assert.rejects(market.v1beta5.createBid(dear, { fee }), code(22));
    await market.v1beta5.createBid(bid);
    await assert.rejects(market.v1beta5.createBid(bid, { fee }), code(21));
    return `${price} uact a block`;
  });

  await step("seller: lease and be paid", async () => {
    const [cheapest] = await openBids(sdk, id, 3);
    assert.equal(cheapest.id.provider, seller.address);
    await sdk.akash.market.v1beta5.createLease({ bidId: cheapest.id });
    const { lease } = await read(sdk, id, bidId);
    const since = BigInt(lease.createdAt.toString());
    await until("five blocks of the lease", async () => await owner.height(sdk) >= since + 5n);
    let height;
    await market.v1beta5.withdrawLease({ id: bidId }, { afterBroadcast: (tx) => { height = BigInt(tx.height); } });
    const earned = whole(decimal(price) * (height - since));
    assert.equal(await seller.balance("uact"), earned);
    const { payment } = await read(sdk, id, bidId);
    assert.equal(BigInt(payment.state.withdrawn.amount), earned);
    return `${earned} uact for ${height - since} blocks`;
  });

  await step("seller: give up, and the owner starts over", async () => {
    await market.v1beta5.closeBid({ id: bidId, reason: LeaseClosedReason.lease_closed_reason_unstable });
    const now = await read(sdk, id, bidId);
    assert.deepEqual([now.lease.state, now.lease.reason], [LeaseState.closed, 10000]);
    assert.deepEqual(now.groups.map((g) => g.state), [GroupState.paused]);
    const { escrowAccount } = await sdk.akash.market.v1beta5.getBid({ id: bidId });
    assert.equal(escrowAccount.state.state, EscrowState.closed, "the bid's deposit is back");
    await sdk.akash.deployment.v1beta4.startGroup({ id: group });
    const again = await openBids(sdk, id, 2);
    assert.deepEqual(again.map((b) => b.id.oseq), [2, 2]);
    await sdk.akash.deployment.v1beta4.closeGroup({ id: group });
    await sdk.akash.deployment.v1beta4.closeDeployment({ id });
    assert.equal((await read(sdk, id)).deployment.state, DeploymentState.closed);
    return "two others bid on order 2";
  });
}

/** Checks that a transaction was refused in a block, by the market's error of this code. */
const code = (want) => (error) => {
  assert.equal(error.txResponse?.code, want, `${error.message}: ${error.txResponse?.rawLog}`);
  return true;
};
