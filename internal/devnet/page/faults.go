// SPDX-License-Identifier: Apache-2.0

package page

import (
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func networkFaults(n *devnet.Network) []string { return nil }

func sellerFaults(f akashprovider.Faults) []string { return nil }
