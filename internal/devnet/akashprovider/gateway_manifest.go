// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"bytes"
	"errors"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

const maxManifestBytes = 8 << 20

const textNoLease = "no lease for deployment"

var errHash = errors.New("manifest version validation failed")

// putManifest judges a manifest in the network's order: whether it can be read, whether there is such a deployment,
// the manifest by itself, against the hash on chain, against the groups on chain, and only then whether there is a
// lease. A correct one without lease is answered 404 and kept.
func (p *AkashProvider) putManifest(w http.ResponseWriter, r *http.Request, at place) {
	m, err := manifest.Decode(http.MaxBytesReader(w, r.Body, maxManifestBytes))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	found, err := p.chain.deployment(r.Context(), at.deployment())
	if err != nil {
		http.Error(w, deploymentError(err), http.StatusInternalServerError)
		return
	}
	if err := matches(m, found); err != nil {
		http.Error(w, err.Error(), manifestStatus(err))
		return
	}
	active, height, err := p.chain.leases(r.Context(), marketv1.LeaseFilters{
		Owner: at.owner, DSeq: at.dseq, Provider: p.identity.Address, State: "active",
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	leases := make([]ids.LeaseID, 0, len(active))
	for _, l := range active {
		if l.State == marketv1.Lease_active && l.ID.DSeq == at.dseq && l.ID.Owner == at.owner {
			leases = append(leases, leaseID(l.ID))
		}
	}
	status, text := p.takeManifest(at.deployment(), m, leases, found.Groups, height)
	if status != http.StatusOK {
		http.Error(w, text, status)
	}
}

// takeManifest deploys a correct manifest, or keeps it, or does what a fault says.
func (p *AkashProvider) takeManifest(
	deployment ids.DeploymentID, m manifest.Manifest, leases []ids.LeaseID,
	groups []deploymentv1beta4.Group, height int64,
) (status int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if take(&p.faults.RefuseManifests) {
		return http.StatusUnprocessableEntity, "manifest rejected"
	}
	p.keep(deployment, m)
	if len(leases) == 0 || take(&p.faults.HideLeases) {
		return http.StatusNotFound, textNoLease
	}
	if err := p.deploy(leases, m, groups, height); err != nil {
		delete(p.kept, deployment)
		return http.StatusInternalServerError, err.Error()
	}
	p.accepted++
	p.log.Info("manifest accepted", "deployment", deployment, "leases", len(leases))
	return http.StatusOK, ""
}

// manifestStatus is that of a manifest which is refused: the network knows three classes of faults, and takes any
// other for its own.
func manifestStatus(err error) int {
	for _, known := range []error{manifest.ErrInvalid, manifest.ErrCrossCheck, errHash} {
		if errors.Is(err, known) {
			return http.StatusUnprocessableEntity
		}
	}
	return http.StatusInternalServerError
}

// matches judges a manifest by itself, then against the deployment on chain.
func matches(m manifest.Manifest, found *deploymentv1beta4.QueryDeploymentResponse) error {
	if err := m.Validate(); err != nil {
		return err
	}
	hash, err := m.Hash()
	if err != nil {
		return err
	}
	if !bytes.Equal(hash, found.Deployment.Hash) {
		return errHash
	}
	specs := make([]deploymentv1beta4.GroupSpec, len(found.Groups))
	for i, g := range found.Groups {
		specs[i] = g.GroupSpec
	}
	return m.CrossCheck(specs)
}

// deploymentError is the text for a deployment that cannot be read. A miss has the words of a daemon, which
// asks over another path than we do.
func deploymentError(err error) string {
	if status.Code(err) == codes.NotFound {
		return "rpc error: code = NotFound desc = Deployment not found: key not found"
	}
	return err.Error()
}
