// SPDX-License-Identifier: Apache-2.0

// Package token verifies the JSON web tokens with which tenants sign their requests to an Akash provider.
//
// It is the verifying side only, written from the network's schema and vectors; it makes no tokens and
// asks nobody: the key of the issuer and the time are handed in. The gateway of
// internal/devnet/akashprovider is its only user. Source: AEP-64.
package token
