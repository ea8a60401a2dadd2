// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"fmt"
	"slices"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// ErrCrossCheck is the class of every fault in which a valid manifest disagrees with the groups on chain.
var ErrCrossCheck = errors.New("manifest cross-validation error")

// CrossCheck compares the manifest with the group specs on chain: the same groups; every service uses a
// resource unit of its group with equal resources; replicas and endpoints of each unit exactly used up.
// The error has the network's words and wraps [ErrCrossCheck], but for groups that are not the same.
func (m Manifest) CrossCheck(groups []deploymentv1beta4.GroupSpec) error {
	if len(m) != len(groups) {
		return fmt.Errorf("invalid manifest: group count mismatch (%d != %d)", len(m), len(groups))
	}
	left := map[string]map[uint32]*unitUse{}
	for _, spec := range groups {
		left[spec.Name] = usesOf(spec)
	}
	for _, group := range m {
		units, ok := left[group.Name]
		if !ok {
			return fmt.Errorf("invalid manifest: unknown deployment group ('%s')", group.Name)
		}
		for _, service := range group.Services {
			if err := service.use(units); err != nil {
				return fmt.Errorf("%w: group %q: service %q: %w", ErrCrossCheck, group.Name, service.Name, err)
			}
		}
	}
	for _, spec := range groups {
		for _, unit := range spec.Resources {
			if what := left[spec.Name][unit.Resource.ID].leftover(); what != "" {
				return fmt.Errorf("%w: group %q: resources ID (%d): under-utilized %s",
					ErrCrossCheck, spec.Name, unit.Resource.ID, what)
			}
		}
	}
	return nil
}

// unitUse counts what of one resource unit the manifest has not used up yet.
type unitUse struct {
	unit      deploymentv1beta4.ResourceUnit
	replicas  uint32
	endpoints [3]int // by endpoint kind
}

func usesOf(spec deploymentv1beta4.GroupSpec) map[uint32]*unitUse {
	units := make(map[uint32]*unitUse, len(spec.Resources))
	for _, unit := range spec.Resources {
		use := &unitUse{unit: unit, replicas: unit.Count}
		for _, endpoint := range unit.Resource.Endpoints {
			if kind := int(endpoint.Kind); kind >= 0 && kind < len(use.endpoints) {
				use.endpoints[kind]++
			}
		}
		units[unit.Resource.ID] = use
	}
	return units
}

// use takes a service's share of its resource unit.
func (s Service) use(units map[uint32]*unitUse) error {
	id := s.Resources.ID
	unit, ok := units[id]
	if !ok {
		return fmt.Errorf("not found deployment group resources with ID = %d", id)
	}
	if s.Count > unit.replicas {
		return fmt.Errorf("over-utilized replicas (%d) > group spec resources count (%d)", s.Count, unit.replicas)
	}
	if what := s.Resources.differs(unit.unit.Resource); what != "" {
		return fmt.Errorf("%s resources mismatch for ID %d", what, id)
	}
	for _, expose := range s.Expose {
		if what := unit.take(expose); what != "" {
			return fmt.Errorf("resource ID %d: over-utilized %s endpoints", id, what)
		}
	}
	unit.replicas -= s.Count
	return nil
}

// endpointNames are by kind.
var endpointNames = [...]string{"HTTP", "PORT", "IP"}

// take uses up the endpoints of one expose, an HTTP or a port endpoint and one more for a leased IP, and names what
// there is no more of.
func (u *unitUse) take(e Expose) (missing string) {
	if !e.Global {
		return ""
	}
	kinds := []uint32{EndpointRandomPort}
	if e.IsIngress() {
		kinds[0] = EndpointSharedHTTP
	}
	if e.IP != "" {
		kinds = append(kinds, EndpointLeasedIP)
	}
	for _, kind := range kinds {
		if u.endpoints[kind] == 0 {
			return endpointNames[kind]
		}
		u.endpoints[kind]--
	}
	return ""
}

func (u *unitUse) leftover() string {
	for kind, n := range u.endpoints {
		if n > 0 {
			return fmt.Sprintf("(%d) %s endpoints", n, endpointNames[kind])
		}
	}
	if u.replicas > 0 {
		return fmt.Sprintf("(%d) resources", u.replicas)
	}
	return ""
}

// differs names the first resource in which r is not what the chain says; "" when they agree. It wants a
// manifest that has passed [Manifest.Validate].
func (r Resources) differs(chain resourcesv1beta4.Resources) string {
	switch {
	case chain.CPU == nil || !equalValue(r.CPU.Units, chain.CPU.Units) ||
		!equalAttributes(r.CPU.Attributes, chain.CPU.Attributes):
		return "CPU"
	case chain.GPU == nil || !equalValue(r.GPU.Units, chain.GPU.Units) ||
		!equalAttributes(r.GPU.Attributes, chain.GPU.Attributes):
		return "GPU"
	case chain.Memory == nil || !equalValue(r.Memory.Size, chain.Memory.Quantity) ||
		!equalAttributes(r.Memory.Attributes, chain.Memory.Attributes):
		return "Memory"
	case !slices.EqualFunc(r.Storage, chain.Storage, func(v Volume, other resourcesv1beta4.Storage) bool {
		return v.Name == other.Name && equalValue(v.Size, other.Quantity) && equalAttributes(v.Attributes, other.Attributes)
	}):
		return "Storage"
	default:
		return ""
	}
}

func equalValue(a Value, b resourcesv1beta4.ResourceValue) bool {
	return !a.Val.IsNil() && !b.Val.IsNil() && a.Val.Equal(b.Val)
}

func equalAttributes(a []Attribute, b []attributesv1.Attribute) bool {
	return slices.EqualFunc(a, b, func(x Attribute, y attributesv1.Attribute) bool {
		return x.Key == y.Key && x.Value == y.Value
	})
}
