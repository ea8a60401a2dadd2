// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// replacedSuffix ends the names of notes about leases, which are no entries.
const replacedSuffix = ".replaced"

// NoteReplaced notes that a plan replaces the resource of a lease by another one for the same group. Terraform tells a
// Terraform provider of the old one at plan alone, in another process than the one that applies.
func (j *Journal) NoteReplaced(chainID string, lease ids.LeaseID) error {
	path := j.replacedPath(chainID, lease.Group())
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("note a replaced lease: %w", err)
	}
	if err := os.WriteFile(path, []byte(lease.String()+"\n"), 0o600); err != nil {
		return fmt.Errorf("note a replaced lease: %w", err)
	}
	return nil
}

// Replaced returns the lease that [Journal.NoteReplaced] noted for a group last; ok is false when there is none.
func (j *Journal) Replaced(chainID string, group ids.GroupID) (lease ids.LeaseID, ok bool) {
	text, err := os.ReadFile(j.replacedPath(chainID, group))
	if err != nil {
		return ids.LeaseID{}, false
	}
	lease, err = ids.ParseLeaseID(strings.TrimSpace(string(text)))
	return lease, err == nil
}

// ForgetReplaced removes the note about a group, if there is one.
func (j *Journal) ForgetReplaced(chainID string, group ids.GroupID) error {
	err := os.Remove(j.replacedPath(chainID, group))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget a replaced lease: %w", err)
	}
	return nil
}

func (j *Journal) replacedPath(chainID string, group ids.GroupID) string {
	name := fmt.Sprintf("lease-%d-%d%s", group.DSeq, group.GSeq, replacedSuffix)
	return filepath.Join(j.folder(chainID, group.Owner), name)
}
