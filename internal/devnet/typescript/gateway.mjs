// SPDX-License-Identifier: Apache-2.0

// A gateway's HTTP and websockets. The SDK makes tokens and certificates and leaves the requests to its users, with the
// advice to validate the gateway's certificate. Here TLS trusts exactly the certificates that the chain has for the
// Akash provider.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { request } from "node:https";

import WebSocket from "ws";

const timeout = 10_000; // ms

export class Gateway {
  #base;
  #tls;

  /**
   * hostUri is the base URL from the chain, address the Akash provider's account, certificates the PEM texts that are
   * valid on chain for it.
   */
  constructor(hostUri, address, certificates) {
    assert.ok(certificates.length > 0, `no certificate of ${address} on chain`);
    const known = certificates.map((pem) => new X509Certificate(pem).fingerprint256);
    this.#base = hostUri;
    this.#tls = {
      ca: certificates,
      minVersion: "TLSv1.3",
      rejectUnauthorized: true,
      // In place of host names, which these certificates do not have. It runs after the signature was checked.
      checkServerIdentity(_host, shown) {
        if (shown.subject.CN !== address || !known.includes(shown.fingerprint256)) {
          return new Error(`the gateway of ${address} shows a certificate of ${shown.subject.CN}`);
        }
        return undefined;
      },
    };
  }

  /**
   * Sends a request, with a token, or with a client certificate {cert, privateKey}, or with nothing. Resolves to
   * status, type and text whatever the status; rejects when the gateway is not who the chain says.
   */
  async request(method, path, { token, client, body } = {}) {
    const headers = {};
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    return await new Promise((resolve, reject) => {
      const call = request(new URL(path, this.#base), {
        ...this.#tls, cert: client?.cert, key: client?.privateKey, method, headers, timeout, agent: false,
      }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({
          status: response.statusCode,
          type: response.headers["content-type"],
          text: Buffer.concat(chunks).toString(),
        }));
      });
      call.on("timeout", () => call.destroy(new Error(`${method} ${path}: no answer`)));
      call.on("error", reject);
      call.end(body);
    });
  }

  /** The lines of a websocket that ends by itself, with the code it ended with. */
  async stream(path, token) {
    return await new Promise((resolve, reject) => {
      const url = new URL(path, this.#base);
      url.protocol = "wss:";
      const socket = new WebSocket(url, {
        ...this.#tls, headers: { Authorization: `Bearer ${token}` }, handshakeTimeout: timeout,
      });
      const alarm = setTimeout(() => socket.terminate(), timeout);
      const messages = [];
      socket.on("message", (data) => messages.push(JSON.parse(data.toString())));
      socket.on("error", reject);
      socket.on("close", (code) => {
        clearTimeout(alarm);
        resolve({ code, messages });
      });
    });
  }
}
