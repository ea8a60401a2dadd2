// SPDX-License-Identifier: Apache-2.0

package page

import "github.com/akash-iac/terraform-provider-akash/internal/devnet"

// faults sorts those in force: of the endpoints, and of Akash providers by name. They are in the words in which
// they are set, less the name.
func faults(n *devnet.Network) (endpoints []string, sellers map[string][]string) {
	sellers = map[string][]string{}
	for _, s := range n.FaultPlan().Settings {
		if s.Fault == "price" && s.Value == "1" {
			continue // its own price, set again
		}
		word := devnet.FaultSetting{Fault: s.Fault, Value: s.Value}.String()
		if s.On == devnet.OnEndpoints {
			endpoints = append(endpoints, word)
		} else {
			sellers[s.On] = append(sellers[s.On], word)
		}
	}
	return endpoints, sellers
}
