// SPDX-License-Identifier: Apache-2.0

package keys

// FromVault lets tests bring a secret store of their own, since a test must not
// touch the one of the person running it.
var FromVault = fromVault
