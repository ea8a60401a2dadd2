// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// groupDigest is the hex SHA-256 of the group specs in order: the same specs have the same digest on both sides of
// the wire.
func groupDigest(groups []deploymentv1beta4.GroupSpec) (string, error) {
	sum := sha256.New()
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
