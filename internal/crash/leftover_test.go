// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// What a killed run paid for is told of on every plan, also when the configuration has moved on.
func TestLeftover_isReportedUntilItIsGone(t *testing.T) {
	t.Parallel()
	s := newStage(t, &running)
	s.write(t, running.steps[0].wish)
	s.trap.set(point{"broadcast_tx_sync", after}, 0, func() { s.victim.kill(wholeRun) })
	_, err := s.victim.run(t, s.workspace, "apply", "-auto-approve")
	require.Error(t, err)
	require.True(t, s.trap.disarm())
	s.trap.set(point{}, 0, nil)
	require.NoError(t, s.Inside.WaitHeight(t.Context(), s.Inside.Height()+2))
	left := s.Deployments(t, s.owner, "active")
	require.Len(t, left, 1)
	id := fmt.Sprintf("%s/%d", s.owner, left[0].Deployment.ID.DSeq)

	s.workspace.Write(t, "web.tf", `data "akash_account" "me" {}`)
	for range 2 {
		out := plain(s.workspace.MustRun(t, "plan"))
		require.Contains(t, out, "Unfinished deployment "+id)
		require.Contains(t, out, "its escrow holds 5 ACT")
		require.Contains(t, out, "terraform import akash_deployment.NAME "+id)
		require.Contains(t, out, fmt.Sprintf("akash tx deployment close --dseq %d", left[0].Deployment.ID.DSeq))
	}
	other := acctest.Web{CPU: "300m"}
	s.workspace.Write(t, "web.tf", acctest.Deployment("other", other.SDL()))
	require.Contains(t, plain(s.workspace.MustRun(t, "apply", "-auto-approve")), "Unfinished deployment "+id)
	require.Len(t, s.Deployments(t, s.owner, "active"), 2, "it is not this resource's, and not closed unasked")

	s.CloseDeployment(t, acctest.Tenant, id)
	require.NotContains(t, plain(s.workspace.MustRun(t, "plan")), "Unfinished", "closed: nothing to report")
	s.workspace.MustRun(t, "destroy", "-auto-approve")
	require.Empty(t, s.Deployments(t, s.owner, "active"))
}

// plain undoes the CLI's line breaks and frames.
func plain(text string) string {
	text = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "")
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
}
