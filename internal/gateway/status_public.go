// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// rawStatus is the wire form of [Status]. Source: protocol/gateway.md section 6.1.
type rawStatus struct {
	Cluster struct {
		Leases    uint64 `json:"leases"`
		Inventory struct {
			Available struct {
				Nodes []struct {
					Name      string `json:"name"`
					Available struct {
						CPU       free `json:"cpu"`
						GPU       free `json:"gpu"`
						Memory    free `json:"memory"`
						Ephemeral free `json:"storage_ephemeral"`
					} `json:"available"`
				} `json:"nodes"`
				Storage []struct {
					Class string `json:"class"`
					Size  free   `json:"size"`
				} `json:"storage"`
			} `json:"available"`
		} `json:"inventory"`
	} `json:"cluster"`
	Bidengine struct {
		Orders uint64 `json:"orders"`
	} `json:"bidengine"`
	Manifest struct {
		Deployments uint64 `json:"deployments"`
	} `json:"manifest"`
	Hostname          string `json:"cluster_public_hostname"`
	Address           string `json:"address"`
	ReclamationWindow free   `json:"reclamation_window"`
}

// free is an amount of something; what is negative, since too much was given away, or no whole number counts as none.
type free uint64

// UnmarshalJSON takes anything.
func (f *free) UnmarshalJSON(text []byte) error {
	*f = 0
	if n, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64); err == nil && n > 0 {
		*f = free(n)
	}
	return nil
}

func decodeStatus(body []byte) (Status, error) {
	var raw rawStatus
	if err := json.Unmarshal(body, &raw); err != nil {
		return Status{}, err
	}
	told := Status{
		Address: raw.Address, PublicHostname: raw.Hostname, Leases: raw.Cluster.Leases,
		Orders: raw.Bidengine.Orders, Deployments: raw.Manifest.Deployments,
		ReclamationWindow: time.Duration(raw.ReclamationWindow), //nolint:gosec // free holds no more than an int64
	}
	available := raw.Cluster.Inventory.Available
	for _, node := range available.Nodes {
		told.Nodes = append(told.Nodes, NodeStatus{
			Name: node.Name, CPU: uint64(node.Available.CPU), Memory: uint64(node.Available.Memory),
			Ephemeral: uint64(node.Available.Ephemeral), GPU: uint64(node.Available.GPU),
		})
	}
	for _, pool := range available.Storage {
		told.Pools = append(told.Pools, PoolStatus{Class: pool.Class, Free: uint64(pool.Size)})
	}
	return told, nil
}
