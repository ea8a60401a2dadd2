// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"github.com/cosmos/cosmos-sdk/version"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
)

// The SDK answers node_info out of variables that the linker sets in the network's
// own binary. They are the process's, so all its networks say the same. Source: protocol/observed.md section 1.
func init() {
	version.Name, version.AppName, version.Version = app.Name, app.Name, app.Version
}
