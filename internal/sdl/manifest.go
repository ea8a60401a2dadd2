// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
)

// The manifest as JSON. The fields of each struct stand in the order of their
// JSON names, so that encoding gives the canonical text directly. A nil slice
// is null and an empty one [], which the hash tells apart.

type manifestGroup struct {
	Name     string            `json:"name"`
	Services []manifestService `json:"services"`
}

type manifestService struct {
	Args        []string             `json:"args"`
	Command     []string             `json:"command"`
	Count       uint32               `json:"count"`
	Credentials *manifestCredentials `json:"credentials"`
	Env         []string             `json:"env"`
	Expose      []manifestExpose     `json:"expose"`
	Image       string               `json:"image"`
	Name        string               `json:"name"`
	Params      *manifestParams      `json:"params,omitempty"`
	Resources   manifestResources    `json:"resources"`
}

type manifestCredentials struct {
	Email    string `json:"email"`
	Host     string `json:"host"`
	Password string `json:"password"`
	Username string `json:"username"`
}

type manifestExpose struct {
	EndpointSequenceNumber uint32              `json:"endpointSequenceNumber"`
	ExternalPort           uint32              `json:"externalPort"`
	Global                 bool                `json:"global"`
	Hosts                  []string            `json:"hosts"`
	HTTPOptions            manifestHTTPOptions `json:"httpOptions"`
	IP                     string              `json:"ip"`
	Port                   uint32              `json:"port"`
	Proto                  string              `json:"proto"`
	Service                string              `json:"service"`
}

type manifestHTTPOptions struct {
	MaxBodySize     uint32   `json:"maxBodySize"`
	NextCases       []string `json:"nextCases,omitempty"`
	NextTimeout     uint32   `json:"nextTimeout"`
	NextTries       uint32   `json:"nextTries"`
	ProxyBufferSize uint32   `json:"proxyBufferSize,omitempty"`
	ReadTimeout     uint32   `json:"readTimeout"`
	SendTimeout     uint32   `json:"sendTimeout"`
}

type manifestParams struct {
	Permissions *manifestPermissions `json:"permissions,omitempty"`
	Storage     []manifestMount      `json:"storage"`
	TEE         *manifestTEE         `json:"tee,omitempty"`
}

type manifestPermissions struct {
	Read []string `json:"read,omitempty"`
}

type manifestMount struct {
	Mount    string `json:"mount"`
	Name     string `json:"name"`
	ReadOnly bool   `json:"readOnly"`
}

type manifestTEE struct {
	Attestation bool   `json:"attestation"`
	Type        string `json:"type"`
}

type manifestResources struct {
	CPU       manifestUnits      `json:"cpu"`
	Endpoints []manifestEndpoint `json:"endpoints"`
	GPU       manifestUnits      `json:"gpu"`
	ID        uint32             `json:"id"`
	Memory    manifestSize       `json:"memory"`
	Storage   []manifestVolume   `json:"storage"`
}

type manifestUnits struct {
	Attributes []attributesv1.Attribute `json:"attributes,omitempty"`
	Units      manifestValue            `json:"units"`
}

type manifestSize struct {
	Size manifestValue `json:"size"`
}

type manifestVolume struct {
	Attributes []attributesv1.Attribute `json:"attributes,omitempty"`
	Name       string                   `json:"name"`
	Size       manifestValue            `json:"size"`
}

// manifestValue is a number as decimal text.
type manifestValue struct {
	Val string `json:"val"`
}

type manifestEndpoint struct {
	Kind           resourcesv1beta4.Endpoint_Kind `json:"kind,omitempty"`
	SequenceNumber uint32                         `json:"sequence_number"`
}

func decimal(n uint64) manifestValue { return manifestValue{Val: strconv.FormatUint(n, 10)} }

// canonical is the text that is sent and hashed. The official parser encodes
// twice, by way of generic values. The two passes agree but for invalid UTF-8,
// which only a !!binary value can bring in: the first writes \ufffd, the second the character itself.
func canonical(groups []manifestGroup) ([]byte, error) {
	text, err := json.Marshal(groups)
	if err != nil || !bytes.Contains(text, []byte(`\ufffd`)) {
		return text, err
	}
	var generic any
	if err := json.Unmarshal(text, &generic); err != nil {
		return nil, err
	}
	return json.Marshal(generic)
}

// manifest is the service in one placement, with the resources of its unit.
func (s *service) manifest(u use, id uint32, numbers map[string]uint32, v version) manifestService {
	exposes := s.manifestExposes(numbers)
	m := manifestService{
		Name: s.name, Image: s.image.value, Command: s.command.values(), Args: s.args.values(), Env: s.env.values(),
		Count: u.count, Expose: exposes, Credentials: s.credentials.manifest(v), Params: s.params.manifest(),
		Resources: manifestResources{
			ID: id,
			CPU: manifestUnits{
				Units: decimal(uint64(u.compute.cpu.units)), Attributes: protoAttributes(u.compute.cpu.attributes),
			},
			GPU:       manifestUnits{Units: decimal(u.compute.gpus())},
			Memory:    manifestSize{Size: decimal(u.compute.memory.size.bytes)},
			Endpoints: manifestEndpoints(exposes),
		},
	}
	if u.compute.gpu != nil {
		m.Resources.GPU.Attributes = protoAttributes(u.compute.gpu.attributes)
	}
	for _, vol := range u.compute.storage {
		m.Resources.Storage = append(m.Resources.Storage, manifestVolume{
			Name: vol.name, Size: decimal(vol.size.bytes), Attributes: protoAttributes(vol.attributes),
		})
	}
	return m
}

func (p *params) manifest() *manifestParams {
	if p == nil {
		return nil
	}
	m := &manifestParams{}
	for _, name := range sortedKeys(p.storage) {
		vol := p.storage[name]
		m.Storage = append(m.Storage, manifestMount{Name: name, Mount: vol.path.value, ReadOnly: vol.readOnly})
	}
	if p.permissions != nil {
		m.Permissions = &manifestPermissions{Read: p.permissions.read.values()}
	}
	if p.tee.value != "" {
		m.TEE = &manifestTEE{Type: p.tee.value, Attestation: true}
	}
	return m
}

// manifestExposes gives one item per party that may reach a port, in the order
// of the manifest. A port without "to" is reachable inside the deployment. The
// sort is that of [sort.Sort], which is not stable, as in the official parser.
func (s *service) manifestExposes(numbers map[string]uint32) []manifestExpose {
	out := make([]manifestExpose, 0, len(s.expose))
	for _, e := range s.expose {
		proto, _ := e.protocol()
		item := manifestExpose{
			Port: e.port.value, ExternalPort: e.as.value, Proto: proto, Hosts: e.accept.values(), HTTPOptions: e.http.manifest(),
		}
		if len(e.to) == 0 {
			out = append(out, item)
		}
		for _, to := range e.to {
			item.Service, item.Global, item.IP, item.EndpointSequenceNumber = to.service.value, to.global, to.ip.value, 0
			if to.global && to.ip.value != "" {
				item.EndpointSequenceNumber = numbers[to.ip.value]
			}
			out = append(out, item)
		}
	}
	sort.Sort(byService(out))
	return out
}

// byService orders by service, port, protocol, and global before internal.
type byService []manifestExpose

func (s byService) Len() int      { return len(s) }
func (s byService) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s byService) Less(i, j int) bool {
	a, b := s[i], s[j]
	switch {
	case a.Service != b.Service:
		return a.Service < b.Service
	case a.Port != b.Port:
		return a.Port < b.Port
	case a.Proto != b.Proto:
		return a.Proto < b.Proto
	}
	return a.Global && !b.Global
}

// manifestEndpoints are the endpoints that the exposes ask for: a leased IP
// stands after the port or HTTP endpoint of the same expose.
func manifestEndpoints(exposes []manifestExpose) []manifestEndpoint {
	out := make([]manifestEndpoint, 0, len(exposes))
	for _, e := range exposes {
		if !e.Global {
			continue
		}
		kind := resourcesv1beta4.Endpoint_RANDOM_PORT
		if e.ingress() {
			kind = resourcesv1beta4.Endpoint_SHARED_HTTP
		}
		out = append(out, manifestEndpoint{Kind: kind})
		if e.IP != "" {
			out = append(out, manifestEndpoint{
				Kind: resourcesv1beta4.Endpoint_LEASED_IP, SequenceNumber: e.EndpointSequenceNumber,
			})
		}
	}
	return out
}

// ingress reports whether the port is served by the Akash provider's HTTP ingress: TCP whose outer port is 80.
func (e manifestExpose) ingress() bool {
	outer := e.ExternalPort
	if outer == 0 {
		outer = e.Port
	}
	return e.Proto == protoTCP && e.Global && outer == 80
}

// clone copies what [Document.WithEnv] changes.
func clone(groups []manifestGroup) []manifestGroup {
	out := slices.Clone(groups)
	for i := range out {
		out[i].Services = slices.Clone(out[i].Services)
		for j := range out[i].Services {
			out[i].Services[j].Env = slices.Clone(out[i].Services[j].Env)
		}
	}
	return out
}
