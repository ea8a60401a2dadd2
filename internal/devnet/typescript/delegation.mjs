// SPDX-License-Identifier: Apache-2.0

// One account acts for another: messages by authorization, fees by allowance.

import assert from "node:assert/strict";

import { MsgCreateDeployment } from "@akashnetwork/chain-sdk/private-types/akash.v1beta4";
import { BasicAllowance, GenericAuthorization } from "@akashnetwork/chain-sdk/private-types/cosmos.v1beta1";

import { app } from "./app.mjs";
import { actDeposit, creation, read } from "./deployment.mjs";
import { step } from "./story.mjs";

const any = (type, value) => ({ typeUrl: `/${type.$type}`, value: type.encode(type.fromPartial(value)).finish() });

export async function delegate(owner, stranger) {
  const { authz, feegrant } = owner.grpc.cosmos;
  const id = { owner: owner.address, dseq: await owner.freshDSeq(owner.grpc) };
  const create = any(MsgCreateDeployment, creation(id, await app("hello")));
  const msgs = [create];

  await step("delegate: create for somebody else", async () => {
    const exec = (options) => stranger.grpc.cosmos.authz.v1beta1.exec({ grantee: stranger.address, msgs }, options);
    await assert.rejects(exec(), /authorization not found/);
    await authz.v1beta1.grant({
      granter: owner.address, grantee: stranger.address,
      grant: { authorization: any(GenericAuthorization, { msg: create.typeUrl }) },
    });
    const [mine, theirs] = [await owner.balance("uact"), await stranger.balance("uact")];
    const paid = await owner.balance("uakt");
    await exec();
    const { escrow } = await read(owner.grpc, id);
    assert.deepEqual(escrow.deposits.map((d) => [d.owner, d.balance.denom]), [[owner.address, "uact"]]);
    assert.equal(await owner.balance("uact"), mine - actDeposit, "the deposit is the owner's");
    assert.equal(await stranger.balance("uact"), theirs);
    assert.equal(await owner.balance("uakt"), paid, "the fee is not");
    await authz.v1beta1.revoke({ granter: owner.address, grantee: stranger.address, msgTypeUrl: create.typeUrl });
    await assert.rejects(exec(), /authorization not found/);
    return `dseq ${id.dseq}`;
  });

  await step("delegate: close with a fee that somebody else pays", async () => {
    const fee = { amount: [{ denom: "uakt", amount: "10000" }], gas: "400000", granter: stranger.address };
    const close = () => owner.grpc.akash.deployment.v1beta4.closeDeployment({ id }, { fee });
    await assert.rejects(close(), /fee-grant not found/);
    await stranger.grpc.cosmos.feegrant.v1beta1.grantAllowance({
      granter: stranger.address, grantee: owner.address,
      allowance: any(BasicAllowance, { spendLimit: [{ denom: "uakt", amount: "15000" }] }),
    });
    const [mine, theirs] = [await owner.balance("uakt"), await stranger.balance("uakt")];
    await close();
    assert.equal(await owner.balance("uakt"), mine);
    assert.equal(await stranger.balance("uakt"), theirs - 10_000n);
    const { allowance } = await feegrant.v1beta1.getAllowance({ granter: stranger.address, grantee: owner.address });
    assert.deepEqual(BasicAllowance.decode(allowance.allowance.value).spendLimit, [{ denom: "uakt", amount: "5000" }]);
    return "5000 uakt of the allowance are left";
  });
}
