// SPDX-License-Identifier: Apache-2.0

// Package keys turns what a user hands over (a mnemonic, a hex private key, the
// name of a key in a keyring, an exported key, a program that signs) into a
// [Key] that signs for one account. It also makes the client certificates that
// accounts publish.
//
// It reads keyrings made by the Akash command line and never writes to them.
// It does not know transactions, tokens or the network: chain/tx and gateway
// bring the bytes to sign. Nothing in this package prints, logs or wraps a
// mnemonic, a private key or a passphrase: every error names positions, counts
// and paths only, and every [Key] formats as its address.
package keys
