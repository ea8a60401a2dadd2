// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"encoding/json"
	"errors"
	"time"
)

// LeaseStatus is the state of a lease's services as the Akash provider's
// cluster sees it. Source: ak-provider gateway/rest, route /lease/…/status.
type LeaseStatus struct {
	// Services by name. A service that was not started yet has zero replicas.
	Services map[string]ServiceStatus `json:"services"`
	// ForwardedPorts by service: global exposes other than HTTP on port 80. A
	// service without any is absent; the map may be nil.
	ForwardedPorts map[string][]ForwardedPort `json:"forwarded_ports"`
	// IPs by service: nil when the manifest leases none, empty while pending.
	IPs map[string][]LeasedIP `json:"ips"`
}

// Ready tells whether every service has all its replicas. Directly after the
// manifest arrived the cluster tells 0 of 0, which is not ready.
func (s LeaseStatus) Ready() bool {
	for _, service := range s.Services {
		if service.Total <= 0 || service.Available < service.Total {
			return false
		}
	}
	return len(s.Services) > 0
}

// ServiceStatus counts the replicas of one service.
type ServiceStatus struct {
	Name      string `json:"name"`
	Available int64  `json:"available"`
	Total     int64  `json:"total"`
	// URIs are host names without a scheme, in no meaningful order: the custom
	// ones and mostly one that the Akash provider generated.
	URIs               []string `json:"uris"`
	ObservedGeneration int64    `json:"observed_generation"`
	Replicas           int64    `json:"replicas"`
	UpdatedReplicas    int64    `json:"updated_replicas"`
	ReadyReplicas      int64    `json:"ready_replicas"`
	AvailableReplicas  int64    `json:"available_replicas"`
}

// ForwardedPort is a port of a service that can be reached from outside.
type ForwardedPort struct {
	Host string `json:"host"`
	// Port is the container's, ExternalPort the one to connect to.
	Port         uint32 `json:"port"`
	ExternalPort uint32 `json:"externalPort"`
	Proto        string `json:"proto"`
	Name         string `json:"name"`
}

// LeasedIP is a port of a service on a leased address.
type LeasedIP struct {
	Port         uint32
	ExternalPort uint32
	Protocol     string
	IP           string
}

// Status is what a gateway says about itself to anyone.
type Status struct {
	// Address is the account of the Akash provider.
	Address        string
	PublicHostname string
	// Leases, Orders and Deployments count what it works on now.
	Leases, Orders, Deployments uint64
	// Nodes are its machines, Pools its persistent storage.
	Nodes []NodeStatus
	Pools []PoolStatus
	// ReclamationWindow is how long it leaves a tenant when it reclaims a lease; 0 when it does not say.
	ReclamationWindow time.Duration
}

// NodeStatus is what a machine has free. GPU models are told by [Client.ClusterStatus] only.
type NodeStatus struct {
	Name string
	// CPU is in thousandths of a core, Memory and Ephemeral storage are in bytes, GPU counts devices.
	CPU, Memory, Ephemeral, GPU uint64
}

// PoolStatus is free persistent storage of a class, in bytes.
type PoolStatus struct {
	Class string
	Free  uint64
}

// Version says what software runs behind a gateway.
type Version struct {
	// Version is that of provider-services, without a leading v.
	Version, Commit, Kubernetes string
}

var errNoStatus = errors.New("answer without services")

func decodeLeaseStatus(body []byte) (LeaseStatus, error) {
	var status LeaseStatus
	if err := json.Unmarshal(body, &status); err != nil {
		return LeaseStatus{}, err
	}
	if status.Services == nil {
		return LeaseStatus{}, errNoStatus
	}
	return status, nil
}

func decodeServiceStatus(body []byte) (ServiceStatus, error) {
	var status ServiceStatus
	err := json.Unmarshal(body, &status)
	return status, err
}

func decodeVersion(body []byte) (Version, error) {
	var raw struct {
		Akash struct {
			Version string `json:"version"`
			Commit  string `json:"commit"`
		} `json:"akash"`
		Kube struct {
			GitVersion string `json:"gitVersion"`
		} `json:"kube"`
	}
	err := json.Unmarshal(body, &raw)
	return Version{Version: raw.Akash.Version, Commit: raw.Akash.Commit, Kubernetes: raw.Kube.GitVersion}, err
}

func decodeAddress(body []byte) (string, error) {
	var raw struct {
		Address string `json:"address"`
	}
	err := json.Unmarshal(body, &raw)
	return raw.Address, err
}

// jsonMessage reads the error form of the authentication layer.
func jsonMessage(body []byte) (string, bool) {
	var raw struct {
		Message *string `json:"message"`
	}
	if json.Unmarshal(body, &raw) != nil || raw.Message == nil {
		return "", false
	}
	return *raw.Message, true
}
