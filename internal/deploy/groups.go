// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// groupDigest is the hex SHA-256 of what the chain keeps fixed: the group specs in order and the reclamation window
// asked for. The same deployment has the same digest on both sides of the wire.
func groupDigest(
	groups []deploymentv1beta4.GroupSpec, reclamation *deploymentv1.DeploymentReclamation,
) (string, error) {
	sum := sha256.New()
	if reclamation != nil {
		_, _ = fmt.Fprintf(sum, "reclamation %s\n", reclamation.MinWindow)
	}
	for i := range groups {
		encoded, err := groups[i].Marshal()
		if err != nil {
			return "", fmt.Errorf("encode group %q: %w", groups[i].Name, err)
		}
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(encoded)))
		sum.Write(length[:])
		sum.Write(encoded)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// specsOf returns the group specs of a deployment on chain, by gseq.
func specsOf(groups []deploymentv1beta4.Group) []deploymentv1beta4.GroupSpec {
	sorted := slices.SortedFunc(slices.Values(groups), func(a, b deploymentv1beta4.Group) int {
		return cmp.Compare(a.ID.GSeq, b.ID.GSeq)
	})
	found := make([]deploymentv1beta4.GroupSpec, 0, len(sorted))
	for _, g := range sorted {
		found = append(found, g.GroupSpec)
	}
	return found
}
