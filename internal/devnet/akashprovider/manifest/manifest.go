// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding/json"
	"io"
	"strings"

	sdkmath "cosmossdk.io/math"
)

// Manifest is the body of a manifest PUT: one entry per group. The field order of these types is the
// order in which an Akash provider writes them back, and their tags decide the hash.
type Manifest []Group

// Group holds the services of one group; Name is the name of the group spec on chain.
type Group struct {
	Name     string    `json:"name"`
	Services []Service `json:"services"`
}

// Service is one container with its replicas. Nil and empty lists differ: both are hashed as written.
type Service struct {
	Name        string            `json:"name"`
	Image       string            `json:"image"`
	Command     []string          `json:"command"`
	Args        []string          `json:"args"`
	Env         []string          `json:"env"`
	Resources   Resources         `json:"resources"`
	Count       uint32            `json:"count"`
	Expose      []Expose          `json:"expose"`
	Params      *Params           `json:"params,omitempty"`
	Credentials *ImageCredentials `json:"credentials"`
}

// Resources is what one replica takes; ID names the resource unit of the group spec on chain.
type Resources struct {
	ID        uint32     `json:"id"`
	CPU       *CPU       `json:"cpu,omitempty"`
	Memory    *Memory    `json:"memory,omitempty"`
	Storage   []Volume   `json:"storage,omitempty"`
	GPU       *GPU       `json:"gpu,omitempty"`
	Endpoints []Endpoint `json:"endpoints"`
}

// Value is a whole number that travels as decimal text.
type Value struct {
	Val sdkmath.Int `json:"val"`
}

// Attribute is one key and value pair.
type Attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// CPU is counted in thousandths of a core.
type CPU struct {
	Units      Value       `json:"units"`
	Attributes []Attribute `json:"attributes,omitempty"`
}

// Memory is counted in bytes.
type Memory struct {
	Size       Value       `json:"size"`
	Attributes []Attribute `json:"attributes,omitempty"`
}

// Volume is one storage volume, its size in bytes.
type Volume struct {
	Name       string      `json:"name"`
	Size       Value       `json:"size"`
	Attributes []Attribute `json:"attributes,omitempty"`
}

// GPU is counted in whole devices; zero units means none.
type GPU struct {
	Units      Value       `json:"units"`
	Attributes []Attribute `json:"attributes,omitempty"`
}

// Endpoint kinds as the chain numbers them.
const (
	EndpointSharedHTTP uint32 = 0
	EndpointRandomPort uint32 = 1
	EndpointLeasedIP   uint32 = 2
)

// Endpoint is one of the endpoints a resource unit pays for.
type Endpoint struct {
	Kind           uint32 `json:"kind,omitempty"`
	SequenceNumber uint32 `json:"sequence_number"`
}

// Expose opens one container port to one target. ExternalPort 0 means the same as Port.
type Expose struct {
	Port                   uint32      `json:"port"`
	ExternalPort           uint32      `json:"externalPort"`
	Proto                  string      `json:"proto"`
	Service                string      `json:"service"`
	Global                 bool        `json:"global"`
	Hosts                  []string    `json:"hosts"`
	HTTPOptions            HTTPOptions `json:"httpOptions"`
	IP                     string      `json:"ip"`
	EndpointSequenceNumber uint32      `json:"endpointSequenceNumber"`
}

// HTTPOptions tune the ingress; sizes in bytes, times in milliseconds.
type HTTPOptions struct {
	MaxBodySize     uint32   `json:"maxBodySize"`
	ReadTimeout     uint32   `json:"readTimeout"`
	SendTimeout     uint32   `json:"sendTimeout"`
	NextTries       uint32   `json:"nextTries"`
	NextTimeout     uint32   `json:"nextTimeout"`
	NextCases       []string `json:"nextCases,omitempty"`
	ProxyBufferSize uint32   `json:"proxyBufferSize,omitempty"`
}

// Params are the optional settings of a service.
type Params struct {
	Storage     []StorageParams   `json:"storage"`
	Credentials *ImageCredentials `json:"credentials,omitempty"`
	Permissions *Permissions      `json:"permissions,omitempty"`
	TEE         *TEE              `json:"tee,omitempty"`
}

// StorageParams mounts a volume.
type StorageParams struct {
	Name     string `json:"name"`
	Mount    string `json:"mount"`
	ReadOnly bool   `json:"readOnly"`
}

// Permissions lists what the service may read of its own deployment.
type Permissions struct {
	Read []string `json:"read,omitempty"`
}

// TEE asks for a trusted execution environment.
type TEE struct {
	Type        string `json:"type"`
	Attestation bool   `json:"attestation"`
}

// ImageCredentials unlock a private registry. They are secret: never log them.
type ImageCredentials struct {
	Host     string `json:"host"`
	Email    string `json:"email"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// Decode reads one manifest and ignores what follows it, as the network's gateway does. Keys it does not
// know are dropped, which changes the hash: that is how an Akash provider older than a manifest key fails.
// The error texts are those of the network ("EOF" for an empty body).
func Decode(r io.Reader) (Manifest, error) {
	var m Manifest
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return nil, decodeError{err}
	}
	return m, nil
}

// decodeError names the wire package instead of this one.
type decodeError struct{ err error }

func (e decodeError) Error() string {
	return strings.ReplaceAll(e.err.Error(), "manifest.", "v2beta3.")
}

func (e decodeError) Unwrap() error { return e.err }

// Group finds the group called name.
func (m Manifest) Group(name string) (Group, bool) {
	for _, g := range m {
		if g.Name == name {
			return g, true
		}
	}
	return Group{}, false
}

// AsStored is the group as an Akash provider gives it back: the cluster keeps no endpoints.
func (g Group) AsStored() Group {
	out := Group{Name: g.Name, Services: make([]Service, len(g.Services))}
	for i, s := range g.Services {
		s.Resources.Endpoints = nil
		out.Services[i] = s
	}
	return out
}

// EffectivePort is the port seen from outside.
func (e Expose) EffectivePort() uint32 {
	if e.ExternalPort != 0 {
		return e.ExternalPort
	}
	return e.Port
}

// IsIngress tells whether the expose is served by the shared HTTP ingress: global, TCP, seen on port 80.
func (e Expose) IsIngress() bool {
	return e.Global && strings.EqualFold(e.Proto, "TCP") && e.EffectivePort() == 80
}
