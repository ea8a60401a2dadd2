// SPDX-License-Identifier: Apache-2.0

// Package version knows which version of the Pulumi package this is.
package version

// Version is set by the linker. Schema and SDKs that are committed carry this default, which no release has.
var Version = "0.1.0-dev"
