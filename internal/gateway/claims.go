// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// Scope is one thing a token may allow. Source: AEP-64, chain-sdk specs/jwt-schema.json.
type Scope string

// Scopes lists all scopes of the network in its order.
func Scopes() []Scope {
	return []Scope{
		"send-manifest", "get-manifest", "logs", "shell", "events", "status", "restart", "hostname-migrate", "ip-migrate",
		"attestation",
	}
}

// Access says how far a token, or a permission in it, reaches.
type Access string

// The kinds of access.
const (
	AccessFull     Access = "full"
	AccessScoped   Access = "scoped"
	AccessGranular Access = "granular"
)

// Grant is what a token allows. Members are in the order of the reference client.
type Grant struct {
	Access Access `json:"access"`
	// Scope is for [AccessScoped] alone.
	Scope []Scope `json:"scope,omitempty"`
	// Permissions are for [AccessGranular] alone.
	Permissions []Permission `json:"permissions,omitempty"`
}

// Permission narrows a granular token to one Akash provider.
type Permission struct {
	ProviderAddr string  `json:"provider"`
	Access       Access  `json:"access"`
	Scope        []Scope `json:"scope,omitempty"`
	// Deployments are for [AccessGranular] alone.
	Deployments []DeploymentPermission `json:"deployments,omitempty"`
}

// DeploymentPermission narrows a permission to a deployment, and further to a group and an order where those are not 0.
type DeploymentPermission struct {
	Scope []Scope `json:"scope"`
	DSeq  uint64  `json:"dseq"`
	GSeq  uint32  `json:"gseq,omitempty"`
	OSeq  uint32  `json:"oseq,omitempty"`
	// Services must not be empty. Akash providers do not compare them as of late 2026.
	Services []string `json:"services"`
}

// ErrGrant says that gateways would not take a token with such a grant.
var ErrGrant = errors.New("invalid access")

// Validate applies the network's rules to a grant. The error is an [ErrGrant] and says where it is wrong.
func (g Grant) Validate() error {
	switch g.Access {
	case AccessFull:
		if len(g.Scope)+len(g.Permissions) > 0 {
			return fmt.Errorf("%w: full access takes neither scope nor permissions", ErrGrant)
		}
		return nil
	case AccessScoped:
		if len(g.Permissions) > 0 {
			return fmt.Errorf("%w: scoped access takes no permissions", ErrGrant)
		}
		return validateScope("scope", g.Scope)
	case AccessGranular:
		if len(g.Scope) > 0 || len(g.Permissions) == 0 {
			return fmt.Errorf("%w: granular access needs permissions and takes no scope of its own", ErrGrant)
		}
	default:
		return fmt.Errorf("%w: %q is none of full, scoped, granular", ErrGrant, g.Access)
	}
	seen := map[string]bool{}
	for i, p := range g.Permissions {
		at := fmt.Sprintf("permissions[%d]", i)
		if err := ids.ValidateAddress(p.ProviderAddr); err != nil {
			return fmt.Errorf("%w: %s: Akash provider: %w", ErrGrant, at, err)
		}
		if seen[p.ProviderAddr] {
			return fmt.Errorf("%w: %s: Akash provider %s has an earlier permission; join them", ErrGrant, at, p.ProviderAddr)
		}
		seen[p.ProviderAddr] = true
		if err := p.validate(at); err != nil {
			return err
		}
	}
	return nil
}

func (p Permission) validate(at string) error {
	switch p.Access {
	case AccessFull:
		if len(p.Scope)+len(p.Deployments) > 0 {
			return fmt.Errorf("%w: %s: full access takes neither scope nor deployments", ErrGrant, at)
		}
		return nil
	case AccessScoped:
		if len(p.Deployments) > 0 {
			return fmt.Errorf("%w: %s: scoped access takes no deployments", ErrGrant, at)
		}
		return validateScope(at+".scope", p.Scope)
	case AccessGranular:
		if len(p.Scope) > 0 || len(p.Deployments) == 0 {
			return fmt.Errorf("%w: %s: granular access needs deployments and takes no scope of its own", ErrGrant, at)
		}
	default:
		return fmt.Errorf("%w: %s: %q is none of full, scoped, granular", ErrGrant, at, p.Access)
	}
	for i, d := range p.Deployments {
		if err := d.validate(fmt.Sprintf("%s.deployments[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (d DeploymentPermission) validate(at string) error {
	switch {
	case d.DSeq == 0:
		return fmt.Errorf("%w: %s: dseq is missing", ErrGrant, at)
	case d.OSeq != 0 && d.GSeq == 0:
		return fmt.Errorf("%w: %s: oseq needs gseq", ErrGrant, at)
	case len(d.Services) == 0:
		return fmt.Errorf("%w: %s: services is empty: name each service", ErrGrant, at)
	}
	for i, name := range d.Services {
		if name == "" || slices.Contains(d.Services[:i], name) {
			return fmt.Errorf("%w: %s: service %q is empty or listed twice", ErrGrant, at, name)
		}
	}
	return validateScope(at+".scope", d.Scope)
}

func validateScope(at string, scope []Scope) error {
	if len(scope) == 0 {
		return fmt.Errorf("%w: %s is empty", ErrGrant, at)
	}
	for i, s := range scope {
		if !slices.Contains(Scopes(), s) {
			return fmt.Errorf("%w: %s: %q is none of %s", ErrGrant, at, s, scopeNames())
		}
		if slices.Contains(scope[:i], s) {
			return fmt.Errorf("%w: %s: %q is listed twice", ErrGrant, at, s)
		}
	}
	return nil
}

func scopeNames() string {
	var names []string
	for _, s := range Scopes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// GrantToken makes a token that key signs, good until expiresAt (whole seconds) and from half a minute before now, for
// gateways whose clock is behind. It returns an [ErrGrant] for what no gateway would take.
func GrantToken(key keys.Key, grant Grant, now, expiresAt time.Time) (string, error) {
	if err := grant.Validate(); err != nil {
		return "", err
	}
	if !expiresAt.After(now) {
		return "", fmt.Errorf("%w: the token would end before it begins", ErrGrant)
	}
	started := now.Add(-tokenBackdate).Unix()
	return signToken(key, claims{
		Issuer: key.Address(), ExpiresAt: expiresAt.Unix(), NotBefore: started, IssuedAt: started,
		Version: tokenVersion, Leases: grant,
	})
}
