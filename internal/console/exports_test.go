// SPDX-License-Identifier: Apache-2.0

package console

// ReadGPUPrices is fuzzed from outside.
var ReadGPUPrices = readGPUPrices
