// SPDX-License-Identifier: Apache-2.0

// An account as the SDK's users have it: a signer, the SDK over gRPC and over REST, tokens.

import assert from "node:assert/strict";
import { mock } from "node:test";

import { JwtTokenManager, createChainNodeSDK, createStargateClient } from "@akashnetwork/chain-sdk";
import { createChainNodeWebSDK } from "@akashnetwork/chain-sdk/web";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { Secp256k1, Slip10, Slip10Curve, Bip39, EnglishMnemonic, sha256, stringToPath } from "@cosmjs/crypto";

import { Gateway } from "./gateway.mjs";
import { until } from "./story.mjs";

const defaultPath = "m/44'/118'/0'/0/0"; // the SDK's own

function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; "make test-typescript" sets it`);
  return value;
}

/** Makes a tenant of the key at this path of the mnemonic in the environment. */
export async function tenant(path = defaultPath) {
  const mnemonic = setting("AKASH_MNEMONIC");
  const signer = createStargateClient({
    baseUrl: setting("AKASH_NODE"),
    signerMnemonic: mnemonic,
    // Left out where the SDK's default will do, so that the default is tried.
    ...(path === defaultPath ? {} : { signerOptions: { hdPaths: [stringToPath(path)] } }),
    // The SDK simulates without a fee and takes that times 1.3. For small messages the network needs 1.4: an update
    // takes 61818 units where 45903 were estimated.
    gasMultiplier: 1.5,
    stargateOptions: { broadcastPollIntervalMs: 100, broadcastTimeoutMs: 30_000 },
  });
  const { address } = await signer.getAccount();
  const tx = { signer };
  return new Tenant({
    address, mnemonic, path, signer,
    grpc: createChainNodeSDK({ query: { baseUrl: setting("AKASH_GRPC") }, tx }),
    rest: createChainNodeWebSDK({ query: { baseUrl: setting("AKASH_REST") }, tx }),
  });
}

class Tenant {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** What the account holds of a denomination, in its smallest unit. */
  async balance(denom) {
    const { balance } = await this.grpc.cosmos.bank.v1beta1.getBalance({ address: this.address, denom });
    return BigInt(balance.amount);
  }

  /** A token signed the way the SDK recommends: as an amino document, ES256KADR36. claims replace the defaults. */
  async token(claims = {}) {
    const wallet = await Secp256k1HdWallet.fromMnemonic(this.mnemonic, {
      prefix: "akash", hdPaths: [stringToPath(this.path)],
    });
    return await new JwtTokenManager(wallet).generateToken({ iss: this.address, version: "v1", ...claims });
  }

  /** A token that expired an hour ago. The SDK makes none, so it is made by an older clock. */
  async expiredToken() {
    const hour = 3600; // s, which is also how long a token lasts when nothing is said
    mock.timers.enable({ apis: ["Date"], now: Date.now() - 2 * hour * 1000 });
    try {
      return await this.token();
    } finally {
      mock.timers.reset();
    }
  }

  /** A token whose text itself is signed, ES256K, by a signer of our own. */
  async plainToken(claims = {}) {
    const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(this.mnemonic));
    const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, stringToPath(this.path));
    const tokens = new JwtTokenManager({
      algorithm: "ES256K",
      async signArbitrary(_signer, data) {
        const signature = await Secp256k1.createSignature(sha256(Buffer.from(data)), privkey);
        const raw = Buffer.concat([signature.r(32), signature.s(32)]);
        return { pub_key: { type: "tendermint/PubKeySecp256k1", value: "" }, signature: raw.toString("base64") };
      },
    });
    return await tokens.generateToken({ iss: this.address, version: "v1", ...claims });
  }

  /** A sequence number that the account has not used: the chain's height, as the official CLI takes it. */
  async freshDSeq(sdk) {
    this.lastDSeq = await until("a new block", async () => {
      const now = await this.height(sdk);
      return now > (this.lastDSeq ?? 0n) && now;
    });
    return this.lastDSeq;
  }

  /** The height of the last block. */
  async height(sdk) {
    const { block } = await sdk.cosmos.base.tendermint.v1beta1.getLatestBlock();
    return BigInt(block.header.height.toString());
  }

  /** The gateway of an Akash provider, known by what the chain says of it. */
  async gateway(sdk, address) {
    const { provider } = await sdk.akash.provider.v1beta4.getProvider({ owner: address });
    const { certificates } = await sdk.akash.cert.v1.getCertificates({ filter: { owner: address, state: "valid" } });
    return new Gateway(provider.hostUri, address, certificates.map((c) => Buffer.from(c.certificate.cert).toString()));
  }
}
