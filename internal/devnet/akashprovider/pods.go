// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/shell"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// pod is one replica of a service. It is a value made anew for each question; equal pods have equal names.
type pod struct {
	name    string
	service manifest.Service // in the form that runs, which may be the one before an update
	since   int64            // the block in which that form was deployed
	ready   bool
}

// pods lists the replicas of a lease by name; only those of the named services when there are names. A service in
// its first block has none. While an update is not ready, the replicas before it are listed. The caller holds the lock.
func (p *AkashProvider) pods(id ids.LeaseID, w *workload, services []string) []pod {
	var out []pod
	for _, service := range w.group.Services {
		if len(services) > 0 && !slices.Contains(services, service.Name) {
			continue
		}
		run := w.services[service.Name]
		if p.height <= run.startedAt {
			continue
		}
		ready := p.settled(run.changedAt)
		if !ready && run.before != nil && p.settled(run.startedAt) {
			run, ready = run.before, true
		}
		for i := range run.service.Count {
			out = append(out, pod{name: podName(id, run, i), service: run.service, since: run.changedAt, ready: ready})
		}
	}
	slices.SortFunc(out, func(a, b pod) int { return cmp.Compare(a.name, b.name) })
	return out
}

// podName is made as a cluster makes them: numbered for a service with volumes, else with the hash of the form that
// runs and a few characters of its own, which here follow from the lease and not from chance.
func podName(id ids.LeaseID, run *running, index uint32) string {
	if hasMounts(run.service) {
		return run.service.Name + "-" + strconv.FormatUint(uint64(index), 10)
	}
	form := sha256.Sum256([]byte(id.String() + run.text + strconv.FormatInt(run.changedAt, 10)))
	own := sha256.Sum256(fmt.Appendf(form[:], "%d", index))
	return run.service.Name + "-" + hex.EncodeToString(form[:5]) + "-" + hex.EncodeToString(own[:])[:5]
}

func hasMounts(service manifest.Service) bool {
	return service.Params != nil && slices.ContainsFunc(service.Params.Storage, func(s manifest.StorageParams) bool {
		return s.Mount != ""
	})
}

// namespace is where a cluster keeps what belongs to a lease: lower-case base32hex of SHA-224 of its text.
func namespace(id ids.LeaseID) string {
	sum := sha256.Sum224([]byte(id.String()))
	return strings.ToLower(hostEncoding.EncodeToString(sum[:]))
}

// container is the inside of a pod: the environment of the manifest, then what an Akash provider adds to it.
func (p *AkashProvider) container(id ids.LeaseID, from pod) shell.Container {
	env := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=" + from.name}
	set := map[string]bool{}
	for _, entry := range from.service.Env {
		name, _, hasValue := strings.Cut(entry, "=")
		if !hasValue {
			entry += "="
		}
		env, set[name] = append(env, entry), true
	}
	for _, added := range [][2]string{
		{"AKASH_GROUP_SEQUENCE", strconv.FormatUint(uint64(id.GSeq), 10)},
		{"AKASH_DEPLOYMENT_SEQUENCE", strconv.FormatUint(id.DSeq, 10)},
		{"AKASH_ORDER_SEQUENCE", strconv.FormatUint(uint64(id.OSeq), 10)},
		{"AKASH_OWNER", id.Owner},
		{"AKASH_PROVIDER", id.ProviderAddr},
		{"AKASH_CLUSTER_PUBLIC_HOSTNAME", p.hostname},
	} {
		if !set[added[0]] {
			env = append(env, added[0]+"="+added[1])
		}
	}
	return shell.Container{Hostname: from.name, Env: env}
}

// What a pod logs: a line when it starts, and one every few blocks. Older lines are dropped, as by log rotation.
const (
	blocksPerLine = 10
	maxLines      = 1000
)

// linesUntil counts the lines that a pod has logged up to a block.
func (from pod) linesUntil(height int64) int64 { return 1 + max(height-from.since, 0)/blocksPerLine }

// line is one of them, counted from 0.
func (from pod) line(number int64) string {
	if number == 0 {
		return fmt.Sprintf("%s: a devnet stands in for %s", from.service.Name, from.service.Image)
	}
	return fmt.Sprintf("%s: alive in block %d", from.service.Name, from.since+number*blocksPerLine)
}
