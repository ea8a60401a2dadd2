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
// The error wraps [ErrCrossCheck] and starts with its text.
func (m Manifest) CrossCheck(groups []deploymentv1beta4.GroupSpec) error {
	if len(m) != len(groups) {
		return mismatch("group count mismatch: manifest has %d groups, deployment has %d", len(m), len(groups))
	}
	for _, spec := range groups {
		group, ok := m.Group(spec.Name)
		if !ok {
			return mismatch("group %q of the deployment is not in the manifest", spec.Name)
		}
		if err := crossCheckGroup(group, spec); err != nil {
			return err
		}
	}
	return nil
}

// unitUse counts what of one resource unit the manifest has not used up yet.
type unitUse struct {
	unit      deploymentv1beta4.ResourceUnit
	replicas  int64
	endpoints [3]int // by endpoint kind
}

func crossCheckGroup(group Group, spec deploymentv1beta4.GroupSpec) error {
	left := make(map[uint32]*unitUse, len(spec.Resources))
	for _, unit := range spec.Resources {
		use := &unitUse{unit: unit, replicas: int64(unit.Count)}
		for _, endpoint := range unit.Resource.Endpoints {
			if kind := int(endpoint.Kind); kind >= 0 && kind < len(use.endpoints) {
				use.endpoints[kind]++
			}
		}
		left[unit.Resource.ID] = use
	}
	for _, service := range group.Services {
		use, ok := left[service.Resources.ID]
		if !ok {
			return mismatch("group %q, service %q: resource id %d is not in the deployment",
				group.Name, service.Name, service.Resources.ID)
		}
		if field := service.Resources.differs(use.unit.Resource); field != "" {
			return mismatch("group %q, service %q: %s of resource id %d differs from the deployment",
				group.Name, service.Name, field, service.Resources.ID)
		}
		use.replicas -= int64(service.Count)
		for _, expose := range service.Expose {
			use.take(expose)
		}
	}
	for _, unit := range spec.Resources {
		if err := left[unit.Resource.ID].leftover(group.Name); err != nil {
			return err
		}
	}
	return nil
}

// take uses up the endpoints of one expose: an HTTP or a port endpoint, and one more for a leased IP.
func (u *unitUse) take(e Expose) {
	if !e.Global {
		return
	}
	if e.IsIngress() {
		u.endpoints[EndpointSharedHTTP]--
	} else {
		u.endpoints[EndpointRandomPort]--
	}
	if e.IP != "" {
		u.endpoints[EndpointLeasedIP]--
	}
}

func (u *unitUse) leftover(group string) error {
	id := u.unit.Resource.ID
	if u.replicas != 0 {
		return mismatch("group %q, resource id %d: %s replicas", group, id, utilised(int(u.replicas)))
	}
	for kind, name := range [...]string{"HTTP endpoints", "PORT endpoints", "IP endpoints"} {
		if n := u.endpoints[kind]; n != 0 {
			return mismatch("group %q, resource id %d: %s %s", group, id, utilised(n), name)
		}
	}
	return nil
}

func utilised(left int) string {
	if left > 0 {
		return fmt.Sprintf("under-utilized by %d", left)
	}
	return fmt.Sprintf("over-utilized by %d", -left)
}

// differs names the first resource in which r is not what the chain says; "" when they agree. It wants a
// manifest that has passed [Manifest.Validate].
func (r Resources) differs(chain resourcesv1beta4.Resources) string {
	switch {
	case chain.CPU == nil || !equalValue(r.CPU.Units, chain.CPU.Units) ||
		!equalAttributes(r.CPU.Attributes, chain.CPU.Attributes):
		return "cpu"
	case chain.GPU == nil || !equalValue(r.GPU.Units, chain.GPU.Units) ||
		!equalAttributes(r.GPU.Attributes, chain.GPU.Attributes):
		return "gpu"
	case chain.Memory == nil || !equalValue(r.Memory.Size, chain.Memory.Quantity) ||
		!equalAttributes(r.Memory.Attributes, chain.Memory.Attributes):
		return "memory"
	case len(r.Storage) != len(chain.Storage):
		return "number of storage volumes"
	}
	for i, volume := range r.Storage {
		other := chain.Storage[i]
		if volume.Name != other.Name || !equalValue(volume.Size, other.Quantity) ||
			!equalAttributes(volume.Attributes, other.Attributes) {
			return fmt.Sprintf("storage %q", volume.Name)
		}
	}
	return ""
}

func equalValue(a Value, b resourcesv1beta4.ResourceValue) bool {
	return !a.Val.IsNil() && !b.Val.IsNil() && a.Val.Equal(b.Val)
}

func equalAttributes(a []Attribute, b []attributesv1.Attribute) bool {
	return slices.EqualFunc(a, b, func(x Attribute, y attributesv1.Attribute) bool {
		return x.Key == y.Key && x.Value == y.Value
	})
}

func mismatch(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCrossCheck}, args...)...)
}
