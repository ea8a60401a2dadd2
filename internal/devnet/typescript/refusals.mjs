// SPDX-License-Identifier: Apache-2.0

// What chain and gateways refuse, and how the SDK tells its users.

import assert from "node:assert/strict";

import { SDKErrorCode, TxError, certificateManager } from "@akashnetwork/chain-sdk";
import {
  Deployment_State as DeploymentState, LeaseClosedReason, Lease_State as LeaseState,
} from "@akashnetwork/chain-sdk/private-types/akash.v1";
import { Order_State as OrderState } from "@akashnetwork/chain-sdk/private-types/akash.v1beta5";

import { app } from "./app.mjs";
import { actDeposit, available, closedAndRefunded, creation, leased, openBids, read } from "./deployment.mjs";
import { Gateway } from "./gateway.mjs";
import { step, witness } from "./story.mjs";

// A fee that is given spares the simulation, so that the answer comes from a block.
const fee = { amount: [{ denom: "uakt", amount: "20000" }], gas: "400000" };

export async function refusals(owner, stranger) {
  const sdk = owner.grpc;
  const workload = await app("hello");
  const id = { owner: owner.address, dseq: await owner.freshDSeq(sdk) };
  const before = await owner.balance("uact");
  const { createDeployment } = sdk.akash.deployment.v1beta4;

  await step("refused: what does not exist", async () => {
    for (const [name, way] of [["gRPC", owner.grpc], ["REST", owner.rest]]) {
      await assert.rejects(way.akash.deployment.v1beta4.getDeployment({ id }), (error) => {
        assert.equal(error.code, SDKErrorCode.NotFound, name);
        assert.match(error.message, /Deployment not found/, name);
        return true;
      });
    }
    return "not found, over gRPC and over REST";
  });

  await step("refused: transactions", async () => {
    const message = creation(id, workload);
    await assert.rejects(createDeployment(withDeposit(message, 1000n), { fee }), failed(20, "Deposit too low"));
    const tooMuch = withDeposit(message, before + 1n);
    await assert.rejects(createDeployment(tooMuch, { fee }), failed(1, "insufficient balance"));
    await assert.rejects(createDeployment(message, { fee: { ...fee, gas: "50000" } }), /out of gas/);
    await assert.rejects(createDeployment(message, { fee: { ...fee, amount: [] } }), /insufficient fee/);
    assert.equal(await owner.balance("uact"), before);

    await createDeployment(message);
    await assert.rejects(createDeployment(message, { fee }), failed(3, "Deployment exists"));
    await assert.rejects(createDeployment(message), /Deployment exists/, "simulated");
    return "too low, too high, out of gas, without fee, twice";
  });

  const [bid] = await openBids(sdk, id, 2);
  const gateway = await owner.gateway(sdk, bid.id.provider);
  const status = `/lease/${id.dseq}/1/1/status`;
  const manifest = `/deployment/${id.dseq}/manifest`;
  const expect = async (method, path, options, code, text) => {
    const answer = await gateway.request(method, path, options);
    assert.deepEqual([answer.status, answer.text], [code, text], `${method} ${path}`);
  };
  const message = (text) => JSON.stringify({ message: text });

  await step("refused: manifests", async () => {
    const token = await owner.token();
    await expect("GET", status, { token }, 404, "");
    await sdk.akash.market.v1beta5.createLease({ bidId: bid.id });
    await witness("leased", leased(id, bid, workload));
    await expect("GET", status, { token }, 404, "");
    await expect("PUT", manifest, { token, body: "[]" }, 422, "invalid manifest: manifest is empty\n");
    const other = workload.body.replace("nginx:1.27.3", "nginx:1.27.4");
    assert.notEqual(other, workload.body);
    await expect("PUT", manifest, { token, body: other }, 422, "manifest version validation failed\n");
    await expect("PUT", manifest, { token, body: workload.body }, 200, "");
    await available(gateway, id, workload, { token });
    return "before the lease, empty, another than on chain";
  });

  await step("refused: tokens", async () => {
    const put = { body: workload.body };
    await expect("PUT", manifest, put, 401, message("unauthorized access"));
    const broken = `${(await owner.token()).slice(0, -8)}AAAAAAAA`;
    await expect("GET", status, { token: broken }, 401, message("JWT is invalid"));
    const forged = await stranger.token({ iss: owner.address }).catch(() => undefined);
    assert.equal(forged, undefined, "the SDK does not sign for another account");
    // The network learns an account's key from its first transaction.
    await expect("GET", status, { token: await stranger.token() }, 401, message("JWT is invalid"));
    await stranger.grpc.cosmos.bank.v1beta1.send({
      fromAddress: stranger.address, toAddress: owner.address, amount: [{ denom: "uakt", amount: "1" }],
    });
    await expect("GET", status, { token: await stranger.token() }, 404, "");
    const unknown = "rpc error: code = NotFound desc = Deployment not found: key not found\n";
    await expect("PUT", manifest, { ...put, token: await stranger.token() }, 500, unknown);

    const only = (scope) => owner.token({ leases: { access: "scoped", scope: [scope] } });
    await expect("PUT", manifest, { ...put, token: await only("status") }, 401, message("unauthorized access"));
    await available(gateway, id, workload, { token: await only("status") });
    const granular = (dseq) => owner.plainToken({
      leases: {
        access: "granular",
        permissions: [{
          provider: bid.id.provider, access: "granular",
          deployments: [{ dseq: Number(dseq), scope: ["status"], services: ["web"] }],
        }],
      },
    });
    await available(gateway, id, workload, { token: await granular(id.dseq) });
    await expect("GET", status, { token: await granular(id.dseq + 1n) }, 401, message("unauthorized access"));

    await expect("GET", status, { token: await owner.expiredToken() }, 400, message("JWT has invalid claims"));
    return "none, forged, a stranger's, of another scope or deployment, expired";
  });

  await step("refused: identities", async () => {
    const token = await owner.token();
    const client = await certificateManager.generatePEM(owner.address);
    // It is not on chain.
    await assert.rejects(gateway.request("GET", status, { client }), /bad certificate/);
    const provider = await chainOf(sdk, bid.id.provider);
    const other = await chainOf(sdk, await anotherThan(sdk, bid.id.provider));
    const at = (hostUri, address, certificates) => (
      new Gateway(hostUri, address, certificates).request("GET", status, { token })
    );
    await assert.rejects(at(provider.hostUri, other.address, other.certificates), /self-signed certificate/);
    await assert.rejects(at(provider.hostUri, other.address, provider.certificates), /shows a certificate of/);
    await assert.rejects(at(other.hostUri, provider.address, provider.certificates), /self-signed certificate/);
    return "this client does not talk to a gateway with another certificate than the chain's";
  });

  await step("close the lease, then the deployment", async () => {
    await sdk.akash.market.v1beta5.closeLease({ id: bid.id, reason: LeaseClosedReason.lease_closed_owner });
    const { lease, deployment } = await read(sdk, id, bid.id);
    assert.equal(lease.state, LeaseState.closed);
    assert.equal(deployment.state, DeploymentState.active);
    const filters = { owner: owner.address, dseq: id.dseq };
    const { orders } = await sdk.akash.market.v1beta5.getOrders({ filters });
    assert.deepEqual(orders.map((o) => [o.id.oseq, o.state]), [[1, OrderState.closed], [2, OrderState.open]]);
    await assert.rejects(sdk.akash.market.v1beta5.createLease({ bidId: bid.id }, { fee }), failed(12, "bid not open"));
    await sdk.akash.deployment.v1beta4.closeDeployment({ id });
    const { facts } = await closedAndRefunded(owner, sdk, id, bid.id, before, actDeposit);
    await witness("closed", facts);
    return `order 2 was opened and closed again, ${facts.uact} uact left`;
  });
}

const withDeposit = (message, uact) => ({
  ...message, deposit: { ...message.deposit, amount: { denom: "uact", amount: uact.toString() } },
});

/** Checks that a transaction was refused in a block, with this code and text. */
const failed = (code, text) => (error) => {
  assert.ok(error instanceof TxError, `${error}`);
  assert.equal(error.txResponse.code, code, error.txResponse.rawLog);
  assert.ok(error.txResponse.rawLog.includes(text), error.txResponse.rawLog);
  return true;
};

async function chainOf(sdk, address) {
  const { provider } = await sdk.akash.provider.v1beta4.getProvider({ owner: address });
  const { certificates } = await sdk.akash.cert.v1.getCertificates({ filter: { owner: address, state: "valid" } });
  return {
    address, hostUri: provider.hostUri,
    certificates: certificates.map((c) => Buffer.from(c.certificate.cert).toString()),
  };
}

async function anotherThan(sdk, address) {
  const { providers } = await sdk.akash.provider.v1beta4.getProviders({});
  return providers.find((p) => p.owner !== address).owner;
}
