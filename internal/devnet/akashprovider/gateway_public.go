// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"net/http"
	"runtime"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
)

func (p *AkashProvider) getAddress(w http.ResponseWriter, _ *http.Request, _ place) {
	writeJSON(w, map[string]string{"address": p.identity.Address})
}

// versionBody has the shape of the daemon's answer; its version says that it is a simulator.
type versionBody struct {
	Akash akashVersion `json:"akash"`
	Kube  kubeVersion  `json:"kube"`
}

type akashVersion struct {
	Name             string   `json:"name"`
	ServerName       string   `json:"server_name"`
	Version          string   `json:"version"`
	Commit           string   `json:"commit"`
	BuildTags        string   `json:"build_tags"`
	Go               string   `json:"go"`
	BuildDeps        []string `json:"build_deps"`
	CosmosSDKVersion string   `json:"cosmos_sdk_version"`
}

type kubeVersion struct {
	Major        string `json:"major"`
	Minor        string `json:"minor"`
	GitVersion   string `json:"gitVersion"`
	GitCommit    string `json:"gitCommit"`
	GitTreeState string `json:"gitTreeState"`
	BuildDate    string `json:"buildDate"`
	GoVersion    string `json:"goVersion"`
	Compiler     string `json:"compiler"`
	Platform     string `json:"platform"`
}

func (p *AkashProvider) getVersion(w http.ResponseWriter, _ *http.Request, _ place) {
	writeJSON(w, versionBody{
		Akash: akashVersion{
			Name: "provider-services", ServerName: "provider-services", Version: "0.14.1-devnet",
			Go:        "go version " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH,
			BuildDeps: []string{}, CosmosSDKVersion: "v0.53.6",
		},
		Kube: kubeVersion{
			GitVersion: "v0.0.0-devnet", BuildDate: "1970-01-01T00:00:00Z",
			GoVersion: runtime.Version(), Compiler: runtime.Compiler, Platform: runtime.GOOS + "/" + runtime.GOARCH,
		},
	})
}

// statusBody is the wire form of the public status: thousandths of a core, bytes, whole GPUs.
type statusBody struct {
	Cluster               clusterStatus `json:"cluster"`
	BidEngine             ordersStatus  `json:"bidengine"`
	Manifest              deployments   `json:"manifest"`
	ClusterPublicHostname string        `json:"cluster_public_hostname"`
	Address               string        `json:"address"`
	ReclamationWindow     int64         `json:"reclamation_window,omitempty"` // nanoseconds
}

type clusterStatus struct {
	Leases    int             `json:"leases"`
	Inventory inventoryStatus `json:"inventory"`
}

type ordersStatus struct {
	Orders int `json:"orders"`
}

type deployments struct {
	Deployments int `json:"deployments"`
}

type inventoryStatus struct {
	Active    []resourceTotal `json:"active,omitempty"`
	Pending   []resourceTotal `json:"pending,omitempty"`
	Available available       `json:"available"`
}

type resourceTotal struct {
	CPU              uint64            `json:"cpu"`
	GPU              uint64            `json:"gpu"`
	Memory           uint64            `json:"memory"`
	StorageEphemeral uint64            `json:"storage_ephemeral"`
	Storage          map[string]uint64 `json:"storage,omitempty"`
}

type available struct {
	Nodes   []nodeStatus `json:"nodes"`
	Storage []classBytes `json:"storage"`
}

type nodeStatus struct {
	Name        string        `json:"name"`
	Allocatable resourceTotal `json:"allocatable"`
	Available   resourceTotal `json:"available"`
}

type classBytes struct {
	Class string `json:"class"`
	Size  uint64 `json:"size"`
}

func (p *AkashProvider) getStatus(w http.ResponseWriter, _ *http.Request, _ place) {
	writeJSON(w, p.status())
}

func (p *AkashProvider) status() statusBody {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.publicStatus()
}

// publicStatus is [AkashProvider.status] for a caller that holds the lock.
func (p *AkashProvider) publicStatus() statusBody {
	body := statusBody{
		Cluster:               clusterStatus{Leases: len(p.leases)},
		ClusterPublicHostname: p.hostname,
		Address:               p.identity.Address,
		ReclamationWindow:     int64(p.spec.ReclamationWindow),
	}
	for _, l := range p.leases {
		if l.workload == nil {
			body.Manifest.Deployments++ // the manifest service counts what it still waits for
		}
	}
	ordered := make([]*order, 0, len(p.orders))
	for _, o := range p.orders {
		ordered = append(ordered, o)
	}
	slices.SortFunc(ordered, compareDue)
	for _, o := range ordered {
		if o.phase != phaseDone && o.phase != phaseLeasing {
			body.BidEngine.Orders++
		}
		held := p.inventory.Held(o.id)
		switch {
		case held == nil:
		case o.phase == phaseLeasing:
			body.Cluster.Inventory.Active = append(body.Cluster.Inventory.Active, totalOf(held))
		default:
			body.Cluster.Inventory.Pending = append(body.Cluster.Inventory.Pending, totalOf(held))
		}
	}
	for _, n := range p.inventory.Nodes() {
		body.Cluster.Inventory.Available.Nodes = append(body.Cluster.Inventory.Available.Nodes, nodeStatus{
			Name: n.Total.Name, Allocatable: nodeTotal(n.Total), Available: nodeTotal(n.Free),
		})
	}
	for _, pool := range p.inventory.PoolsFree() {
		body.Cluster.Inventory.Available.Storage = append(body.Cluster.Inventory.Available.Storage,
			classBytes{Class: pool.Class, Size: pool.Bytes})
	}
	return body
}

func totalOf(r *bidding.Reservation) resourceTotal {
	return resourceTotal{
		CPU: r.CPUMilli, GPU: r.GPUUnits, Memory: r.MemoryBytes, StorageEphemeral: r.EphemeralStorageBytes,
		Storage: r.PersistentBytes,
	}
}

func nodeTotal(n Node) resourceTotal {
	return resourceTotal{
		CPU: n.CPUMilli, GPU: n.GPUUnits(), Memory: n.MemoryBytes, StorageEphemeral: n.EphemeralStorageBytes,
	}
}
