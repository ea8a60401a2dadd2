// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// checkSecrets refuses to go on with secrets that are not the ones which the deployment's hash was made with: the hash
// on chain is the planned one, and the manifest to be delivered has another. It returns nil where nothing was laid
// over.
func (d *Deployer) checkSecrets(slot Slot, request LeaseRequest, hash []byte) error {
	onChain := hex.EncodeToString(slot.Deployment.Deployment.Hash)
	if len(request.Secrets) == 0 || onChain != request.Hash || onChain == hex.EncodeToString(hash) {
		return nil
	}
	return &Failure{
		Title: "Secrets are not the ones of the deployment", Doing: fmt.Sprintf("Leasing group %s", request.Group),
		Cause: fmt.Errorf("with today's values of\n   %s\nthe manifest has hash %x. Deployment %s has %s, which was made "+
			"with other values of them, so every Akash provider would refuse the manifest; it was not sent",
			strings.Join(request.Secrets, "\n   "), hash, request.Group.Deployment(), onChain),
		Exists: d.costText(slot),
		Next: "Change env_wo_version (registry_credentials_wo_version for a login) on akash_deployment, then run terraform " +
			"apply again: it puts the hash of today's values on chain, and the lease delivers them. Or give back the values " +
			"that were there when the version was changed last. Write the values of both resources from one place in locals.",
	}
}
